namespace MLNetExt.LanguageModeling;

/// <summary>What the options of all that trains an encoder have. See <see cref="MaskedLanguageModelOptions"/>.</summary>
internal interface IEncoderOptions
{
    string TokensColumnName { get; }

    string? TokenTypesColumnName { get; }

    EncoderNetworkOptions Network { get; }

    MaskedLanguageModelTransformer? Pretrained { get; }

    double? Dropout { get; }

    EncoderPooling? Pooling { get; }

    int ScoringBlockSize { get; }
}
