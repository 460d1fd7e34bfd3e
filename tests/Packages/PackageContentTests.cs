using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace MLNetExt.Tests.Packages;

[TestClass]
[TestCategory("Package")]
[OSCondition(OperatingSystems.Linux)]
public sealed class PackageContentTests
{
    private static readonly string[] s_native = [".so", ".dylib", ".a", ".lib"];

    public static IEnumerable<string> Libraries => PackageFolder.Libraries;

    [TestMethod]
    [DynamicData(nameof(Libraries))]
    public void Package_HoldsTheAssemblyItsDocumentationReadmeAndIconAndNothingElse(string library)
    {
        using ZipArchive package = ZipFile.OpenRead(PackageFolder.PathOf(library));
        string[] contents = [.. package.Entries.Select(e => e.FullName).Where(n => !IsPackaging(n)).Order(StringComparer.Ordinal)];

        CollectionAssert.AreEqual(
            new[] { "README.md", "icon.png", $"lib/net10.0/{library}.dll", $"lib/net10.0/{library}.xml" }, contents);
        Assert.IsTrue(package.Entries.All(e => !s_native.Contains(Path.GetExtension(e.Name))));
        Assert.AreEqual(File.ReadAllText(Path.Combine(PackageFolder.RepositoryRoot, "nuget", "readme", $"{library}.md")), Text(package, "README.md"));
    }

    [TestMethod]
    [DynamicData(nameof(Libraries))]
    public void Symbols_LieInAPackageOfTheirOwn(string library)
    {
        using ZipArchive symbols = ZipFile.OpenRead(PackageFolder.PathOf(library, "snupkg"));

        Assert.IsNotNull(symbols.GetEntry($"lib/net10.0/{library}.pdb"));
    }

    [TestMethod]
    [DynamicData(nameof(Libraries))]
    public void Assembly_HasTheVersionThatSavedModelsNameAndIsReproducible(string library)
    {
        using ZipArchive package = ZipFile.OpenRead(PackageFolder.PathOf(library));
        using var image = new PEReader([.. Bytes(package, $"lib/net10.0/{library}.dll")]);

        Assert.AreEqual(new Version(1, 0, 0, 0), image.GetMetadataReader().GetAssemblyDefinition().Version);
        Assert.IsTrue(image.ReadDebugDirectory().Any(e => e.Type == DebugDirectoryEntryType.Reproducible));
    }

    [TestMethod]
    [DynamicData(nameof(Libraries))]
    public void Manifest_SaysLicenceIconReadmeTagsAndCommit(string library)
    {
        XElement metadata = Metadata(library);
        string Value(string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;

        Assert.AreEqual(PackageFolder.Version, Value("version"));
        Assert.AreEqual("MIT", Value("license"));
        Assert.AreEqual("icon.png", Value("icon"));
        Assert.AreEqual("README.md", Value("readme"));
        StringAssert.Contains(Value("tags"), "ML.NET");
        XElement repository = metadata.Elements().Single(e => e.Name.LocalName == "repository");
        Assert.AreEqual("git", repository.Attribute("type")!.Value);
        Assert.MatchesRegex("^[0-9a-f]{40}$", repository.Attribute("commit")!.Value);
    }

    [TestMethod]
    [DynamicData(nameof(Libraries))]
    public void Dependencies_AreOursAndManagedAndLeaveLibtorchToTheApplication(string library)
    {
        Dictionary<string, string> dependencies = Metadata(library).Descendants()
            .Where(e => e.Name.LocalName == "dependency")
            .ToDictionary(e => e.Attribute("id")!.Value, e => e.Attribute("version")!.Value);

        Assert.AreEqual("[5.0.1, 6.0.0)", dependencies["Microsoft.ML"]);
        Assert.IsTrue(dependencies.ContainsKey("TorchSharp"));
        string[] wrong = [.. dependencies.Keys.Where(id =>
            id.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase)
            || id.StartsWith("TorchSharp-", StringComparison.OrdinalIgnoreCase)
            || id is "Publicizer" or "Mono.Cecil")];
        Assert.IsEmpty(wrong, string.Join(", ", wrong));
        foreach (var (id, version) in dependencies.Where(d => PackageFolder.Libraries.Contains(d.Key)))
            Assert.AreEqual(PackageFolder.Version, version, id);
    }

    private static bool IsPackaging(string name) =>
        name is "[Content_Types].xml" or "_rels/.rels" || name.EndsWith(".nuspec", StringComparison.Ordinal)
        || name.StartsWith("package/services/", StringComparison.Ordinal);

    private static XElement Metadata(string library)
    {
        using ZipArchive package = ZipFile.OpenRead(PackageFolder.PathOf(library));
        using Stream manifest = package.GetEntry($"{library}.nuspec")!.Open();
        return XDocument.Load(manifest).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
    }

    private static byte[] Bytes(ZipArchive package, string name)
    {
        using Stream stream = package.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Text(ZipArchive package, string name) => new StreamReader(new MemoryStream(Bytes(package, name))).ReadToEnd();
}
