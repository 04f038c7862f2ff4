// Maintenance configurations: reading them, and writing them as strictly as AKS does. Used by routes.ts.
import { isObject } from '../../../shared/domain/text/anyValue.ts';
import { jsonIn } from '../../../shared/domain/text/jsonIn.ts';
import { parseMaintenanceWindow } from '../../../shared/domain/window/parseMaintenanceWindow.ts';
import type { ArmMaintenanceConfiguration } from '../world/armFleet.ts';
import { replaceConfiguration } from '../world/changeWorld.ts';
import { sameName } from '../world/names.ts';
import type { ClusterState } from '../world/world.ts';
import { type Answer, armError, ok, type RoutedRequest } from './armAnswer.ts';
import { maintenanceConfigurationBody } from './resources.ts';

/** The names that AKS knows; `default` holds timeInWeek and notAllowedTime instead of a window. */
const names = ['default', 'aksManagedAutoUpgradeSchedule', 'aksManagedNodeOSUpgradeSchedule'];

export function listMaintenanceConfigurations(_: RoutedRequest, cluster: ClusterState): Answer {
  return ok({ value: cluster.maintenanceConfigurations.map((one) => maintenanceConfigurationBody(cluster, one)) });
}

export function getMaintenanceConfiguration({ parameter }: RoutedRequest, cluster: ClusterState): Answer {
  const wanted = parameter('configuration');
  const found = find(cluster, wanted);
  const message = `The maintenance configuration '${wanted}' of managed cluster '${cluster.name.cluster}' was not found.`;
  return found ? ok(maintenanceConfigurationBody(cluster, found)) : armError(404, 'NotFound', message);
}

export function putMaintenanceConfiguration({ parameter, body }: RoutedRequest, cluster: ClusterState): Answer {
  const wanted = parameter('configuration');
  const name = names.find((known) => sameName(known, wanted));
  if (!name) {
    return invalid('name', `'${wanted}' is not a maintenance configuration, please use one of ${names.join(', ')}.`);
  }
  const document = jsonIn(body);
  const properties = isObject(document) ? document['properties'] : undefined;
  if (!isObject(properties)) {
    return armError(400, 'InvalidRequestContent', 'The request content was invalid: "properties" is no object.');
  }
  const problem = problemOf(name, properties);
  if (problem) return problem;
  const configuration = { name, properties };
  replaceConfiguration(cluster, configuration);
  return ok(maintenanceConfigurationBody(cluster, configuration));
}

export function deleteMaintenanceConfiguration({ parameter }: RoutedRequest, cluster: ClusterState): Answer {
  const found = find(cluster, parameter('configuration'));
  if (!found) return { status: 204 };
  cluster.maintenanceConfigurations = cluster.maintenanceConfigurations.filter((other) => other !== found);
  return { status: 200 };
}

function problemOf(name: string, properties: ArmMaintenanceConfiguration['properties']): Answer | undefined {
  const { maintenanceWindow } = properties;
  if (name === 'default') {
    const details = 'it is not supported in the default configuration.';
    return maintenanceWindow ? invalid('maintenanceWindow', details) : undefined;
  }
  const parsed = parseMaintenanceWindow(maintenanceWindow);
  // AKS takes an interval that nothing anchors: it is a problem of those who want to know the day.
  const [problem] = parsed.ok ? [] : parsed.problems.filter(({ notAnchored }) => !notAnchored);
  return problem && invalid(['maintenanceWindow', problem.path].filter(Boolean).join('.'), problem.message);
}

function invalid(parameter: string, details: string): Answer {
  return armError(400, 'InvalidParameter', `The value of parameter ${parameter} is invalid. Error details: ${details}`);
}

function find(cluster: ClusterState, wanted: string): ArmMaintenanceConfiguration | undefined {
  return cluster.maintenanceConfigurations.find(({ name }) => sameName(name, wanted));
}
