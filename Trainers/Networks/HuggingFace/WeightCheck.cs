using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Compares the tensors of a model directory with the weights of a network, and reports all differences at once.</summary>
internal sealed class WeightCheck(string folder)
{
    private const int MaxListed = 10;

    private static readonly ScalarType[] s_types = [ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float64];

    private readonly List<string> _missing = [];
    private readonly List<string> _unexpected = [];
    private readonly List<string> _different = [];

    public void Missing(string name, Tensor weight) => _missing.Add($"{name} {Shape(weight.shape)}");

    public void Unexpected(SafetensorsEntry entry) => _unexpected.Add($"{entry.Name} {Shape(entry.Shape)}");

    /// <summary>Notes a shape that is not the weight's, or elements that are no floating-point numbers.</summary>
    public void Compare(SafetensorsEntry entry, Tensor weight)
    {
        if (!entry.Shape.SequenceEqual(weight.shape))
            _different.Add($"{entry.Name} {Shape(entry.Shape)}, expected {Shape(weight.shape)}");
        else if (!s_types.Contains(entry.DType))
            _different.Add($"{entry.Name} of {entry.DType}, expected one of {string.Join(", ", s_types)}");
    }

    /// <exception cref="InvalidDataException">Something was noted; the message lists it.</exception>
    public void Report()
    {
        string[] lines = [.. Lines("missing", _missing), .. Lines("unexpected", _unexpected), .. Lines("different", _different)];
        if (lines.Length > 0)
            throw new InvalidDataException($"The weights in '{folder}' are not those of the network that its config.json describes:\n{string.Join('\n', lines)}");
    }

    private static IEnumerable<string> Lines(string kind, List<string> names) => names.Count == 0
        ? []
        : [$"{names.Count} {kind}:", .. names.Take(MaxListed).Select(n => "  " + n), .. names.Count > MaxListed ? new[] { $"  and {names.Count - MaxListed} more" } : []];

    private static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
