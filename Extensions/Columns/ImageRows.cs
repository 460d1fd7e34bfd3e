using static TorchSharp.torch;

namespace MLNetExt.Columns;

/// <summary>Images of one size.</summary>
/// <param name="Pixels">Uint8 <c>[rows, 3, height, width]</c>: red, green, blue in [0, 255], over white where the image is transparent; all 0 for a missing image.</param>
/// <param name="IsPresent">Bool <c>[rows]</c>: false for a missing image.</param>
public sealed record ImageRows(Tensor Pixels, Tensor IsPresent);
