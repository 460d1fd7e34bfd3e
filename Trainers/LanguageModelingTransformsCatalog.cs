using MLNetExt.Components;
using MLNetExt.LanguageModeling;
using MLNetExt.Sequences;

namespace Microsoft.ML;

/// <summary>What trained language models are used for, in <c>mlContext.LanguageModeling</c>.</summary>
public static class LanguageModelingTransformsCatalog
{
    extension(LanguageModelingCatalog catalog)
    {
        /// <summary>Reads a causal language model from a Hugging Face model directory on the disk: GPT-2 or Llama.</summary>
        /// <param name="path">The directory, with config.json, model.safetensors or its shards, and perhaps a tokenizer.json that <see cref="MLNetExt.Tokenization.BytePairTokenizer.FromJson"/> reads.</param>
        /// <param name="tokensColumnName">The column that the model is to score.</param>
        /// <exception cref="IOException">The directory or one of its files is not there.</exception>
        /// <exception cref="InvalidDataException">A file is damaged, or the weights are not those of config.json; the message lists the differences.</exception>
        /// <exception cref="NotSupportedException">The model computes something that the network cannot; the message names the key of config.json.</exception>
        public CausalLanguageModelTransformer LoadHuggingFace(string path, string tokensColumnName = "Tokens")
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            ArgumentException.ThrowIfNullOrWhiteSpace(tokensColumnName);
            var host = new ComponentHost(catalog.GetEnvironment(), nameof(LoadHuggingFace));
            return HuggingFaceModels.Load(path, tokensColumnName, host.Warn);
        }

        /// <summary>Reads a text encoder from a Hugging Face model directory on the disk: BERT.</summary>
        /// <param name="path">The directory, with config.json, model.safetensors or its shards, and perhaps a tokenizer.json that <see cref="MLNetExt.Tokenization.TextTokenizer.FromJson"/> reads; where
        /// there is none, a vocab.txt, and a tokenizer_config.json that says whether it is of lower case.</param>
        /// <param name="tokensColumnName">The column that the model is to read.</param>
        /// <param name="tokenTypesColumnName">The column of the tokens' kinds, for pairs of texts; null when all are 0.</param>
        /// <param name="pooling">How the tokens' vectors become a row's <c>Embedding</c>.</param>
        /// <param name="maxTokens">The most tokens to which <see cref="MaskedLanguageModelTransformer.Tokenizer"/> cuts a text; null for what the directory says of it, which mostly is no limit: then
        /// a row of more tokens than the encoder has positions is an error.</param>
        /// <exception cref="ArgumentException">The encoder has fewer positions than <paramref name="maxTokens"/>, or no tokenizer to set it for.</exception>
        /// <exception cref="IOException">The directory or one of its files is not there.</exception>
        /// <exception cref="InvalidDataException">A file is damaged, or the weights are not those of config.json; the message lists the differences.</exception>
        /// <exception cref="NotSupportedException">The model computes something that the network cannot; the message names the key of config.json.</exception>
        /// <example><code>
        /// using var encoder = ml.LanguageModeling.LoadHuggingFaceEncoder("path/to/bert", maxTokens: 128);
        /// var pipeline = ml.Transforms.Text.TokenizeWordPieces("Tokens", "Text", encoder.Tokenizer);
        /// </code></example>
        public MaskedLanguageModelTransformer LoadHuggingFaceEncoder(
            string path, string tokensColumnName = "Tokens", string? tokenTypesColumnName = null, EncoderPooling pooling = EncoderPooling.Mean, int? maxTokens = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            ArgumentException.ThrowIfNullOrWhiteSpace(tokensColumnName);
            if (tokenTypesColumnName is not null)
                ArgumentException.ThrowIfNullOrWhiteSpace(tokenTypesColumnName);
            if (!Enum.IsDefined(pooling))
                throw new ArgumentOutOfRangeException(nameof(pooling), pooling, $"It must be {string.Join(" or ", Enum.GetNames<EncoderPooling>())}.");
            var host = new ComponentHost(catalog.GetEnvironment(), nameof(LoadHuggingFaceEncoder));
            return HuggingFaceEncoders.Load(path, tokensColumnName, tokenTypesColumnName, pooling, maxTokens, host.Warn);
        }

        /// <summary>Adds the text with which a model continues each row's prompt.</summary>
        /// <param name="model">The model; it may be disposed once the estimator is fitted.</param>
        /// <param name="outputColumnName">The column to add: text.</param>
        /// <param name="inputColumnName">The prompts: text, or tokens of the model's tokenizer.</param>
        /// <param name="options">How to choose tokens; greedily when null.</param>
        /// <exception cref="ArgumentException">The model has no tokenizer, or an option cannot be used.</exception>
        /// <example><code>
        /// var writer = ml.LanguageModeling.GenerateText(model, "Generated", "Prompt", new() { MaxNewTokens = 40, Temperature = 0.8, Seed = 1 }).Fit(prompts);
        /// </code></example>
        public TextGenerationEstimator GenerateText(
            CausalLanguageModelTransformer model, string outputColumnName = "Generated", string inputColumnName = "Prompt", GenerationOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentNullException.ThrowIfNull(model);
            return new TextGenerationEstimator(catalog.GetEnvironment(), model, outputColumnName, inputColumnName, options ?? new GenerationOptions());
        }
    }
}
