#!/bin/bash
# The Azure CLI against the simulator: an independent reader of what it answers. Not part of npm test: it needs `az` (tried
# with Debian's 2.45) and takes about two minutes. Its settings go to a folder of their own.
#   npm run simulator -- --port 8443      in one terminal
#   test/az.sh [port]                     in another
set -euo pipefail
port=${1:-8443}
export REQUESTS_CA_BUNDLE=${CA:-$PWD/.local/simulator-ca.pem}
AZURE_CONFIG_DIR=$(mktemp -d)
trap 'rm -rf "$AZURE_CONFIG_DIR"' EXIT
export AZURE_CONFIG_DIR AZURE_CORE_COLLECT_TELEMETRY=0 AZURE_CORE_ONLY_SHOW_ERRORS=1
# How App Service tells an app about its identity: first as az before 2.69 reads it, then as newer ones do.
export APPSETTING_WEBSITE_SITE_NAME=simulator MSI_ENDPOINT=http://127.0.0.1:$((port + 1))/msi/token MSI_SECRET=local-simulator
export IDENTITY_ENDPOINT=$MSI_ENDPOINT IDENTITY_HEADER=$MSI_SECRET

run() {
  printf '\n$ az %s\n' "$*"
  az "$@"
}
# For what must fail: ARM's own code must be in the message.
refused() {
  printf '\n$ az %s    (refused: %s)\n' "${*:2}" "$1"
  if az "${@:2}" 2>"$AZURE_CONFIG_DIR/error"; then return 1; fi
  grep "$1" "$AZURE_CONFIG_DIR/error" | tail -1
}

run cloud register --name AksSimulator --endpoint-resource-manager "https://localhost:$port"
run cloud set --name AksSimulator
run login --identity --output table
run account set --subscription aaaaaaaa-0000-4000-8000-000000000001

run aks list --query '[].{name:name, state:provisioningState, power:powerState.code}' --output table
run aks show -g rg-dev -n dev --query '{name:name, nodes:nodeResourceGroup, pools:agentPoolProfiles[].name}'
run aks nodepool list -g rg-dev --cluster-name dev --output table
run aks nodepool show -g rg-dev --cluster-name dev -n apps --query '{image:nodeImageVersion, state:provisioningState}'
run aks nodepool get-upgrades -g rg-dev --cluster-name dev --nodepool-name apps --query latestNodeImageVersion
run aks get-upgrades -g rg-dev -n dev --output table
run group list --query '[].name' --output tsv
# By az rest, because Debian's az 2.45 and its libraries for compute and network do not fit each other.
subscription=https://localhost:$port/subscriptions/aaaaaaaa-0000-4000-8000-000000000001
nodes=$subscription/resourceGroups/MC_rg-dev_dev_westeurope/providers
run rest --url "$nodes/Microsoft.Compute/virtualMachineScaleSets?api-version=2024-07-01" --query 'value[].{name:name, pool:tags."aks-managed-poolName"}'
run rest --url "$subscription/providers/Microsoft.Compute/locations/westeurope/usages?api-version=2024-07-01" --query 'value[].{name:name.value, used:currentValue, limit:limit}'
run rest --url "$nodes/Microsoft.Network/virtualNetworks/aks-vnet/usages?api-version=2024-05-01" --query 'value[].{used:currentValue, limit:limit}'

# Maintenance configurations: `az aks maintenanceconfiguration` where this az has it, else the same requests by az rest.
configuration=aksManagedNodeOSUpgradeSchedule
if az aks maintenanceconfiguration list -g rg-no-window --cluster-name no-window >/dev/null 2>&1; then
  target=(-g rg-no-window --cluster-name no-window)
  run aks maintenanceconfiguration add "${target[@]}" -n $configuration --schedule-type Weekly --day-of-week Sunday \
    --interval-weeks 1 --duration 4 --start-time 00:00 --utc-offset +01:00
  run aks maintenanceconfiguration list "${target[@]}" --output table
  run aks maintenanceconfiguration update "${target[@]}" -n $configuration --schedule-type Daily --interval-days 1 \
    --duration 8 --start-time 12:00
  run aks maintenanceconfiguration show "${target[@]}" -n $configuration
  run aks maintenanceconfiguration delete "${target[@]}" -n $configuration
else
  cluster=$subscription/resourceGroups/rg-no-window/providers/Microsoft.ContainerService/managedClusters/no-window
  window() { echo "{\"properties\":{\"maintenanceWindow\":{\"schedule\":{\"daily\":{\"intervalDays\":$1}},\"durationHours\":4,\"startTime\":\"12:00\"}}}"; }
  rest=("$cluster/maintenanceConfigurations/$configuration?api-version=2024-09-01")
  run rest --method put --url "${rest[0]}" --body "$(window 1)"
  run rest --method get --url "$cluster/maintenanceConfigurations?api-version=2024-09-01" --query 'value[].name'
  run rest --method put --url "${rest[0]}" --body "$(window 2)" --query properties.maintenanceWindow.schedule
  refused InvalidParameter rest --method put --url "${rest[0]}" --body "$(window 9)"
  run rest --method get --url "${rest[0]}" --query properties.maintenanceWindow
  run rest --method delete --url "${rest[0]}"
  refused NotFound rest --method get --url "${rest[0]}"
fi

run aks nodepool upgrade -g rg-dev --cluster-name dev -n apps --node-image-only --query '{image:nodeImageVersion, state:provisioningState}'
run aks nodepool upgrade -g rg-no-window --cluster-name no-window -n system --node-image-only --no-wait
refused OperationNotAllowed aks nodepool upgrade -g rg-no-window --cluster-name no-window -n system --node-image-only
refused OperationNotAllowed aks nodepool upgrade -g rg-stopped --cluster-name stopped -n system --node-image-only
# What the simulator does not serve is refused with the fault that does it.
refused 'does=stop cluster=dev --to' aks stop -g rg-dev -n dev
refused 'does=start cluster=stopped --to' aks start -g rg-stopped -n stopped
refused 'does=stop cluster=dev nodePool=apps --to' aks nodepool stop -g rg-dev --cluster-name dev -n apps
refused 'does=recreate cluster=dev nodePool=more --to' aks nodepool add -g rg-dev --cluster-name dev -n more -c 1
refused 'does=delete cluster=dev nodePool=apps --to' aks nodepool delete -g rg-dev --cluster-name dev -n apps
refused 'Change it in the fleet file' aks nodepool scale -g rg-dev --cluster-name dev -n apps -c 4
run account set --subscription aaaaaaaa-0000-4000-8000-000000000002
run aks upgrade -g rg-production -n production --node-image-only --yes --query 'agentPoolProfiles[].{pool:name, image:nodeImageVersion, state:provisioningState}'
refused ResourceNotFound aks show -g rg-production -n nowhere
echo
echo 'All of it went as it should.'
