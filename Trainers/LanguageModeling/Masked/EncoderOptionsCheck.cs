using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.LanguageModeling;

/// <summary>Checks what the options of all that trains an encoder have.</summary>
internal static class EncoderOptionsCheck
{
    public const int MaxScoringBlockSize = 1 << 16;

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    public static void RequireEncoder(this IEncoderOptions options)
    {
        RequireName(options.TokensColumnName);
        if (options.TokenTypesColumnName is not null)
            RequireName(options.TokenTypesColumnName);
        Require(options.Network is not null, options.Network, "set");
        if (options.Pretrained is null)
            options.Network!.Validate();
        Require(options.Dropout is null or (>= 0 and < 1), options.Dropout, "null or in [0, 1)");
        if (options.Dropout is not null && options.Pretrained is null)
            throw new ArgumentException($"{nameof(options.Dropout)} is for a model to go on from, and {nameof(options.Pretrained)} is null: a new network has that of {nameof(options.Network)}.");
        Require(options.Pooling is null || Enum.IsDefined(options.Pooling.Value), options.Pooling, "null, " + string.Join(" or ", Enum.GetNames<EncoderPooling>()));
        Require(options.ScoringBlockSize is >= 1 and <= MaxScoringBlockSize, options.ScoringBlockSize, $"in 1 to {MaxScoringBlockSize}");
    }
}
