using Mono.Cecil;

namespace MLNetExt.Tests.Architecture;

/// <summary>What the folders of an assembly may know of each other and of ML.NET.</summary>
[TestClass]
public sealed class NamespaceRulesTests
{
    [TestMethod]
    [DataRow("MLNetExt.Objectives")]
    [DataRow("MLNetExt.Kernels")]
    [DataRow("MLNetExt.Networks")]
    public void Folder_knows_nothing_of_ML_NET(string space) => NoneOf(space, t => t.Namespace.StartsWith("Microsoft.ML", StringComparison.Ordinal));

    [TestMethod]
    public void Training_knows_of_ML_NET_only_how_options_are_searched() => NoneOf(
        "MLNetExt.Training",
        t => t.Namespace.StartsWith("Microsoft.ML", StringComparison.Ordinal) && t.Namespace != "Microsoft.ML.SearchSpace");

    [TestMethod]
    public void Objectives_know_only_kernels_and_tensors() => NoneOf(
        "MLNetExt.Objectives", t => t.Namespace.StartsWith("MLNetExt", StringComparison.Ordinal) && t.Namespace is not ("MLNetExt.Objectives" or "MLNetExt.Kernels" or "MLNetExt.Torch"));

    [TestMethod]
    public void Kernels_serve_objectives_alone() =>
        Assert.AreEqual(string.Empty, Report(Users(t => t.Namespace == "MLNetExt.Kernels", except: ["MLNetExt.Kernels", "MLNetExt.Objectives"])));

    [TestMethod]
    [DataRow("MLNetExt.Objectives")]
    [DataRow("MLNetExt.Networks")]
    [DataRow("MLNetExt.Training")]
    [DataRow("MLNetExt.Fitting")]
    public void Folder_knows_no_task(string space) => NoneOf(space, t => t.Namespace == "MLNetExt.Classification");

    [TestMethod]
    [DataRow("MLNetExt.Training")]
    [DataRow("MLNetExt.Fitting")]
    public void Folder_knows_no_network_and_no_objective(string space) => NoneOf(space, t => t.Namespace is "MLNetExt.Networks" or "MLNetExt.Objectives");

    [TestMethod]
    public void Training_does_not_know_what_fits_around_it() => NoneOf("MLNetExt.Training", t => t.Namespace == "MLNetExt.Fitting");

    [TestMethod]
    public void A_forbidden_reference_is_found() => CollectionAssert.Contains(
        Users(t => t.Namespace == "MLNetExt.Objectives", except: ["MLNetExt.Objectives"]).ToArray(), "MLNetExt.Classification.ClassificationStep uses MLNetExt.Objectives.IClassificationObjective");

    private static void NoneOf(string space, Func<TypeReference, bool> isForbidden)
    {
        TypeDefinition[] types = [.. Compiled.TypesIn(Compiled.Trainers, space)];
        Assert.IsNotEmpty(types);
        Assert.AreEqual(string.Empty, Report(types.SelectMany(type => Uses(type, isForbidden))));
    }

    private static IEnumerable<string> Users(Func<TypeReference, bool> isUsed, string[] except) => Compiled.Trainers.GetTypes()
        .Where(t => !except.Contains(Compiled.Outermost(t).Namespace)).SelectMany(type => Uses(type, isUsed));

    private static IEnumerable<string> Uses(TypeDefinition type, Func<TypeReference, bool> isUsed) =>
        Compiled.References(type).Where(isUsed).Select(used => $"{Compiled.Outermost(type).FullName} uses {used.FullName}");

    private static string Report(IEnumerable<string> uses) => string.Join('\n', uses.Distinct());
}
