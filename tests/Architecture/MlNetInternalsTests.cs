using Mono.Cecil;

namespace MLNetExt.Tests.Architecture;

/// <summary>The contract with ML.NET's internals: what we use of them is there, is documented, and is used in one assembly alone.</summary>
[TestClass]
public sealed class MlNetInternalsTests
{
    private const string IgnoresAccessChecks = "System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute";

    [TestMethod]
    public void Everything_that_Extensions_uses_of_ML_NET_exists() =>
        Assert.AreEqual(string.Empty, string.Join('\n', MlNetInternals.Missing(Compiled.Extensions)));

    [TestMethod]
    public void A_member_that_is_gone_is_named()
    {
        MethodReference real = MlNetInternals.References(Compiled.Extensions).OfType<MethodReference>().First(m => m.Name == "SaveBinaryStream");
        var gone = new MethodReference("SaveNothing", real.ReturnType, real.DeclaringType);
        var goneType = new TypeReference("Microsoft.ML", "NoSuchContext", real.Module, real.DeclaringType.Scope);

        CollectionAssert.AreEqual(
            (string[])["Microsoft.ML.Core: Microsoft.ML.NoSuchContext", "Microsoft.ML.Core: System.Void Microsoft.ML.ModelSaveContext::SaveNothing()"],
            MlNetInternals.Missing([real, gone, goneType]).ToArray());
    }

    [TestMethod]
    public void Internals_in_use_are_those_that_the_documentation_lists()
    {
        string page = Repository.Read("docs/components.md");
        string[] documented = [.. page[page.IndexOf("## The internals in use", StringComparison.Ordinal)..].Split('\n')
            .Where(line => line.StartsWith("- `", StringComparison.Ordinal)).Select(line => line[3..line.LastIndexOf('`')])];

        string[] used = [.. MlNetInternals.Used(Compiled.Extensions)];

        Assert.IsGreaterThan(5, used.Length);
        Assert.AreEqual(string.Join('\n', used), string.Join('\n', documented.Order(StringComparer.Ordinal)));
    }

    [TestMethod]
    public void Only_Extensions_opens_internals()
    {
        string[] opening = [.. Compiled.Product
            .Where(m => m.Assembly.CustomAttributes.Any(a => a.AttributeType.FullName == IgnoresAccessChecks)).Select(m => m.Assembly.Name.Name)];
        string[] publicized = [.. Repository.ProductProjects().Where(p => Repository.Read(p).Contains("Publicize.targets", StringComparison.Ordinal))];

        CollectionAssert.AreEqual((string[])["MLNetExt.Extensions"], opening);
        CollectionAssert.AreEqual((string[])["Extensions/MLNetExt.Extensions.csproj"], publicized);
        Assert.AreEqual(string.Empty, string.Join('\n', Compiled.Product.Except([Compiled.Extensions]).SelectMany(MlNetInternals.Used)));
    }

    [TestMethod]
    public void Only_the_folder_Components_touches_internals()
    {
        string[] elsewhere = [.. Compiled.Extensions.GetTypes()
            .Where(t => Compiled.Outermost(t).Namespace is "MLNetExt.Columns" or "MLNetExt.Torch")
            .Where(t => Compiled.References(t).Concat(Compiled.Calls(t).Select(m => m.DeclaringType)).Any(IsInternal) || Compiled.Calls(t).Any(IsInternal))
            .Select(t => t.FullName)];

        // A base class cannot leave it to another to implement the interface that permutation feature importance looks for.
        CollectionAssert.AreEqual((string[])["MLNetExt.Columns.PredictionTransformer`1"], elsewhere);
    }

    /// <summary>What the reflection of <c>LoadImagesPath</c> looks for: the closures of two getters, and what they capture.</summary>
    [TestMethod]
    [DataRow("Microsoft.ML.Data.ImageLoadingTransformer", "System.ReadOnlyMemory`1<System.Char>")]
    [DataRow("Microsoft.ML.Transforms.Image.ImageResizingTransformer", "Microsoft.ML.ValueGetter`1<Microsoft.ML.Data.MLImage>")]
    public void Getters_of_images_capture_the_path_or_the_getter_before_them(string transformer, string captured)
    {
        ModuleDefinition images = Compiled.Read("Microsoft.ML.ImageAnalytics");
        TypeDefinition type = images.GetType(transformer);
        Assert.IsNotNull(type, $"{transformer} is not in {images.Name}");
        Assert.ContainsSingle(
            closure => closure.Fields.Any(f => f.FieldType.FullName == captured)
                && closure.Methods.Any(m => m.Parameters.Count == 1 && m.Parameters[0].ParameterType.FullName == "Microsoft.ML.Data.MLImage&"),
            images.GetTypes().Where(t => t.IsNested && Compiled.Outermost(t) == type));
    }

    private static bool IsInternal(MethodReference method) =>
        IsOfMlNet(method.DeclaringType) && method.Resolve() is { IsPublic: false, IsFamily: false, IsFamilyOrAssembly: false };

    private static bool IsOfMlNet(TypeReference type) =>
        type.GetElementType().Scope is AssemblyNameReference { Name: var name } && MlNetInternals.Assemblies.Contains(name);

    private static bool IsInternal(TypeReference type) => IsOfMlNet(type) && type.Resolve() is { IsPublic: false, IsNestedPublic: false };
}
