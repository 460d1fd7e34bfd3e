using static TorchSharp.torch;

namespace MLNetExt.Torch;

/// <summary>The element types that safetensors and torch share.</summary>
internal static class SafetensorsDTypes
{
    private static readonly (string Name, ScalarType DType, int Size)[] s_all =
    [
        ("F64", ScalarType.Float64, 8),
        ("F32", ScalarType.Float32, 4),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8),
        ("I32", ScalarType.Int32, 4),
        ("I16", ScalarType.Int16, 2),
        ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    public static IEnumerable<ScalarType> All => s_all.Select(t => t.DType);

    /// <summary>All names, for messages.</summary>
    public static string Names => string.Join(", ", s_all.Select(t => t.Name));

    public static ScalarType? Find(string name) => Array.Find(s_all, t => t.Name == name) is { Name: not null } found ? found.DType : null;

    public static string? NameOf(ScalarType dtype) => Array.Find(s_all, t => t.DType == dtype).Name;

    public static int SizeOf(ScalarType dtype) => Array.Find(s_all, t => t.DType == dtype).Size;

    public static string Describe(ScalarType dtype, IEnumerable<long> shape) => $"{NameOf(dtype) ?? dtype.ToString()} [{string.Join(", ", shape)}]";
}
