using Mono.Cecil;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Architecture;

/// <summary>There is one transformer: towers, decoders and encoders are stacks of one block, and only that block attends.</summary>
[TestClass]
public sealed class OneTransformerTests
{
    private const string Networks = "MLNetExt.Networks.";

    /// <summary>What alone may make each part, from the whole down.</summary>
    private static readonly Dictionary<string, string> s_makers = new()
    {
        [Networks + "TransformerBlock"] = Networks + "TransformerStack",
        [Networks + "Attention"] = Networks + "TransformerBlock",
        [Networks + "FeedForward"] = Networks + "TransformerBlock",
        [Networks + "RotaryEmbedding"] = Networks + "TransformerStack",
        [Networks + "RmsNorm"] = Networks + "Norms",
    };

    [TestMethod]
    public void There_is_no_second_attention() =>
        Assert.AreEqual(string.Empty, string.Join('\n', Compiled.Product.SelectMany(m => m.GetTypes()).SelectMany(Attentions)));

    [TestMethod]
    public void A_second_attention_is_found()
    {
        ModuleDefinition tests = Compiled.Read("MLNetExt.Architecture.Tests");

        string[] found = [.. tests.GetTypes().SelectMany(Attentions)];

        CollectionAssert.AreEquivalent(
            (string[])
            [
                "MLNetExt.Tests.Architecture.OneTransformerTests calls TorchSharp.torch/nn/functional.scaled_dot_product_attention",
                "MLNetExt.Tests.Architecture.OneTransformerTests calls TorchSharp.torch/nn.MultiheadAttention",
            ],
            found);
    }

    [TestMethod]
    public void Only_the_stack_makes_blocks_and_only_a_block_makes_their_parts()
    {
        (string Part, string Maker)[] made = [.. Compiled.Product.SelectMany(m => m.GetTypes())
            .SelectMany(t => Compiled.Calls(t).Where(m => m.Name == ".ctor").Select(m => (Part: m.DeclaringType.FullName, Maker: Compiled.Outermost(t).FullName)))
            .Where(m => s_makers.ContainsKey(m.Part)).Distinct()];

        CollectionAssert.AreEquivalent(s_makers.Select(m => (m.Key, m.Value)).ToArray(), made);
    }

    /// <summary>What a type does that the one attention alone may do.</summary>
    private static IEnumerable<string> Attentions(TypeDefinition type)
    {
        TypeDefinition outer = Compiled.Outermost(type);
        return Compiled.Calls(type)
            .Where(m => IsAttention(m) && outer.FullName != Networks + "Attention")
            .Select(m => $"{outer.FullName} calls {m.DeclaringType.FullName}.{m.Name}").Distinct();
    }

    private static bool IsAttention(MethodReference method) => (method.DeclaringType.FullName, method.Name) is
        ("TorchSharp.torch/nn/functional", "scaled_dot_product_attention")
        or ("TorchSharp.torch/nn", "MultiheadAttention" or "Transformer" or "TransformerEncoder" or "TransformerEncoderLayer" or "TransformerDecoder" or "TransformerDecoderLayer");

    /// <summary>Attention as it must not be written; it is read, never run.</summary>
    private static Tensor SecondAttention(Tensor tokens)
    {
        using TorchSharp.Modules.MultiheadAttention attention = nn.MultiheadAttention(8, 2);
        return nn.functional.scaled_dot_product_attention(tokens, tokens, tokens);
    }
}
