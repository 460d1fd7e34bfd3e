#!/usr/bin/env bash
# Packs every package: nuget/pack.sh [folder] [options of dotnet pack]; the folder is artifacts/packages unless named.
set -euo pipefail

case "${1-}" in
    '' | -*) folder=artifacts/packages ;;
    *) folder=$(realpath -m "$1"); shift ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/.."

projects=(
    Extensions/MLNetExt.Extensions.csproj
    Evaluation/MLNetExt.Evaluation.csproj
    Transforms/MLNetExt.Transforms.csproj
    Trainers/MLNetExt.Trainers.csproj
    cli/MLNetExt.Cli.csproj
)

for project in "${projects[@]}"; do
    # ContinuousIntegrationBuild: no path of this machine in the assemblies and symbols.
    dotnet pack "$project" -c Release -o "$folder" -p:ContinuousIntegrationBuild=true "$@"
done
