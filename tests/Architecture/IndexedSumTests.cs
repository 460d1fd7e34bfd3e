using Mono.Cecil;

namespace MLNetExt.Tests.Architecture;

/// <summary>Sums by index go through one method, which keeps alive the number that libtorch reads until the sum is done; TorchSharp does not.</summary>
[TestClass]
public sealed class IndexedSumTests
{
    [TestMethod]
    public void Only_RowSums_adds_by_index() => CollectionAssert.AreEqual(
        (string[])["MLNetExt.Torch.RowSums calls index_add", "MLNetExt.Torch.RowSums calls index_add_"],
        Compiled.Product.SelectMany(m => m.GetTypes()).SelectMany(Sums).ToArray());

    private static IEnumerable<string> Sums(TypeDefinition type) => Compiled.Calls(type)
        .Where(m => m.DeclaringType.FullName == "TorchSharp.torch/Tensor" && m.Name.StartsWith("index_add", StringComparison.Ordinal))
        .Select(m => $"{Compiled.Outermost(type).FullName} calls {m.Name}");
}
