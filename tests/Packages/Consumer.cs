namespace MLNetExt.Tests.Packages;

/// <summary>A new console project outside the repository that references packages and nothing else.</summary>
internal sealed class Consumer
{
    private readonly string _folder;
    private readonly string _name;

    /// <param name="name">The project's name; used once.</param>
    /// <param name="sources">Names of files and what they hold.</param>
    /// <param name="package">Which of our packages it references.</param>
    /// <param name="native">Whether it references a native package of libtorch.</param>
    public Consumer(string name, IEnumerable<(string Name, string Text)> sources, string package, bool native)
    {
        _name = name;
        _folder = Directory.CreateDirectory(Path.Combine(PackageFolder.Root, name)).FullName;
        foreach (var (file, text) in sources)
            File.WriteAllText(Path.Combine(_folder, file), text);
        File.WriteAllText(Path.Combine(_folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{PackageFolder.Packages}" />
              </packageSources>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(_folder, $"{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <!-- libtorch is 440 MB. -->
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{PackageFolder.Version}" />
                {(native ? """<PackageReference Include="libtorch-cpu-linux-x64" Version="2.10.0" />""" : "")}
              </ItemGroup>
            </Project>
            """);
    }

    /// <summary>Restores and builds; a warning, of NuGet too, is an error.</summary>
    public Task<Command.Outcome> BuildAsync() =>
        Command.SucceedAsync(_folder, "dotnet", "build", "-c", "Release", "-nodeReuse:false", "-o", Path.Combine(_folder, "out"));

    public Task<Command.Outcome> RunAsync(params IEnumerable<string> arguments) =>
        Command.RunAsync(_folder, "dotnet", [Path.Combine(_folder, "out", $"{_name}.dll"), .. arguments]);
}
