using MLNetExt.Evaluation;
using MLNetExt.Sequences;

namespace Microsoft.ML;

/// <summary>MLNetExt's evaluators on <see cref="LanguageModelingCatalog"/>.</summary>
public static class LanguageModelingEvaluationCatalog
{
    extension(LanguageModelingCatalog catalog)
    {
        /// <summary>Measures how much of documents a model recites when it is given their beginnings.</summary>
        /// <param name="model">The model, a trained transformer for example.</param>
        /// <param name="documents">The documents that it was trained on, one a row.</param>
        /// <param name="tokensColumnName">Their ids: a vector of Int32.</param>
        /// <param name="lossMaskColumnName">The mask that the model was trained with: a vector of Single, one value a token, 0 for one that was dropped from the
        /// loss. Null for none.</param>
        /// <param name="nonMembers">Documents that the model was not trained on, drawn as the others were: membership inference is measured with
        /// them. Null to leave it out.</param>
        /// <param name="textColumnName">The documents' text, for the zlib attack of membership inference. Null to leave it out.</param>
        /// <param name="prefixLength">The number of tokens that the model is given, at least 1.</param>
        /// <param name="suffixLength">The number of tokens that it is asked for, at least 1.</param>
        /// <exception cref="ArgumentException">An option cannot be used, a column is missing, has the wrong type or was not made by the model's
        /// tokenizer, an id is outside the vocabulary, or a mask does not fit its tokens; the message names it, and the row (0-based).</exception>
        /// <exception cref="InvalidOperationException">There are no documents, or none that is long enough; or the model gave NaN, or not what was asked for.</exception>
        public MemorizationMetrics EvaluateMemorization(
            ITextGenerator model,
            IDataView documents,
            string tokensColumnName = "Tokens",
            string? lossMaskColumnName = null,
            IDataView? nonMembers = null,
            string? textColumnName = null,
            int prefixLength = 32,
            int suffixLength = 32) => catalog.EvaluateMemorization(model, documents, new MemorizationOptions
            {
                TokensColumnName = tokensColumnName,
                LossMaskColumnName = lossMaskColumnName,
                NonMembers = nonMembers,
                TextColumnName = textColumnName,
                PrefixLength = prefixLength,
                SuffixLength = suffixLength,
            });

        /// <summary>Measures how much of documents a model recites when it is given their beginnings.</summary>
        /// <remarks>
        /// Each document is split into a prefix and a suffix, and the model continues the prefix, greedily, by exactly as many tokens as the suffix has: no
        /// end-of-sequence token ends it. Ids are compared, never text. The documents are read once, and once more for membership
        /// inference. Documents that are too short are counted in <see cref="MemorizationMetrics.RowsTooShort"/>. See docs/memorization.md.
        /// </remarks>
        /// <param name="model">The model, a trained transformer for example.</param>
        /// <param name="documents">The documents that it was trained on, one a row.</param>
        /// <param name="options">What to ask for.</param>
        /// <exception cref="ArgumentException">An option cannot be used, a column is missing, has the wrong type or was not made by the model's
        /// tokenizer, an id is outside the vocabulary, or a mask does not fit its tokens; the message names it, and the row (0-based).</exception>
        /// <exception cref="InvalidOperationException">There are no documents, or none that is long enough; or the model gave NaN, or not what was asked for.</exception>
        /// <exception cref="OperationCanceledException">The evaluation was cancelled.</exception>
        public MemorizationMetrics EvaluateMemorization(ITextGenerator model, IDataView documents, MemorizationOptions options)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(documents);
            ArgumentNullException.ThrowIfNull(options);
            return MemorizationOfDataView.Evaluate(model, documents, options);
        }

        /// <summary>Measures how well a model predicts test documents: perplexity, and bits per character of their text.</summary>
        /// <param name="model">The model, a trained transformer for example.</param>
        /// <param name="data">The documents, one a row.</param>
        /// <param name="tokensColumnName">Their ids: a vector of Int32.</param>
        /// <param name="textColumnName">Their text, whose characters and bytes are counted. Null to give perplexity alone.</param>
        /// <param name="startTokenId">The token from which a document's first one is predicted. Null for the <c>bos</c>, or else the <c>eos</c>, that the token column names.</param>
        /// <exception cref="ArgumentException">A column is missing, has the wrong type or was not made by the model's tokenizer, an id is outside the vocabulary,
        /// or there is no start token.</exception>
        /// <exception cref="InvalidOperationException">There is no token to score, or the model gave NaN, or not what was asked for; the message names the row (0-based).</exception>
        public PerplexityMetrics EvaluatePerplexity(
            ISequenceScorer model, IDataView data, string tokensColumnName = "Tokens", string? textColumnName = null, int? startTokenId = null) =>
            catalog.EvaluatePerplexity(model, data, new PerplexityOptions
            {
                TokensColumnName = tokensColumnName,
                TextColumnName = textColumnName,
                StartTokenId = startTokenId,
            });

        /// <summary>Measures how well a model predicts test documents: perplexity, and bits per character of their text.</summary>
        /// <remarks>
        /// Every token of every document counts once, the first included: it is predicted from a start token, unless <see cref="PerplexityOptions.FirstToken"/> says
        /// otherwise. A document that begins with a start token of the tokenizer's own is not given a second one. Documents longer than the model's context are
        /// scored in windows (<see cref="PerplexityOptions.Stride"/>). The data are read once. See docs/memorization.md.
        /// </remarks>
        /// <param name="model">The model, a trained transformer for example.</param>
        /// <param name="data">The documents, one a row.</param>
        /// <param name="options">How to measure.</param>
        /// <exception cref="ArgumentException">An option cannot be used, a column is missing, has the wrong type or was not made by the model's
        /// tokenizer, an id is outside the vocabulary, or there is no start token.</exception>
        /// <exception cref="InvalidOperationException">There is no token to score, or the model gave NaN, or not what was asked for; the message names the row (0-based).</exception>
        /// <exception cref="OperationCanceledException">The evaluation was cancelled.</exception>
        public PerplexityMetrics EvaluatePerplexity(ISequenceScorer model, IDataView data, PerplexityOptions options)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(data);
            ArgumentNullException.ThrowIfNull(options);
            return PerplexityOfDataView.Evaluate(model, data, options);
        }

        /// <summary>Measures how well an encoder predicts masked tokens; with kept places, also what dropping the others in its middle layers changes.</summary>
        /// <param name="model">The model, a trained transformer for example.</param>
        /// <param name="data">The rows, as Text.MaskTokens makes them, and perhaps Text.TokenDropping.</param>
        /// <param name="inputColumnName">What the model reads: a vector of Int32.</param>
        /// <param name="labelColumnName">What it is to predict: a vector of Int32 as long, with a negative number where nothing is predicted.</param>
        /// <param name="keptColumnName">The places that the middle layers read; null to make full passes alone.</param>
        /// <param name="tokenTypesColumnName">The kinds of the tokens: a vector of Int32 as long as the input; null when all are 0.</param>
        /// <exception cref="ArgumentException">A column is missing, has the wrong type or was not made by the model's tokenizer, or a row cannot be read; the message names it (0-based).</exception>
        /// <exception cref="InvalidOperationException">There is no masked token, or the model gave NaN, or not what was asked for.</exception>
        public MaskedMetrics EvaluateMasked(
            IMaskedTokenScorer model, IDataView data, string inputColumnName = "MaskedTokens", string labelColumnName = "MaskLabels", string? keptColumnName = null, string? tokenTypesColumnName = null) =>
            catalog.EvaluateMasked(model, data, new MaskedEvaluationOptions
            {
                InputColumnName = inputColumnName,
                LabelColumnName = labelColumnName,
                KeptColumnName = keptColumnName,
                TokenTypesColumnName = tokenTypesColumnName,
            });

        /// <summary>Measures how well an encoder predicts masked tokens; with kept places, also what dropping the others in its middle layers changes.</summary>
        /// <param name="model">The model, a trained transformer for example.</param>
        /// <param name="data">The rows, as Text.MaskTokens makes them, and perhaps Text.TokenDropping. They are read once.</param>
        /// <param name="options">How to measure.</param>
        /// <exception cref="ArgumentException">An option cannot be used, a column is missing, has the wrong type or was not made by the model's tokenizer, or a row cannot be
        /// read; the message names it (0-based).</exception>
        /// <exception cref="InvalidOperationException">There is no masked token, or the model gave NaN, or not what was asked for.</exception>
        /// <exception cref="OperationCanceledException">The evaluation was cancelled.</exception>
        public MaskedMetrics EvaluateMasked(IMaskedTokenScorer model, IDataView data, MaskedEvaluationOptions options)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(data);
            ArgumentNullException.ThrowIfNull(options);
            return MaskedOfDataView.Evaluate(model, data, options);
        }
    }
}
