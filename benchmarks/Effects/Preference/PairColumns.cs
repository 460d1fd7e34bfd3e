using Microsoft.ML;
using MLNetExt.Tokenization;

namespace MLNetExt.Benchmarks;

/// <summary>What a reward model reads of the responses, made alike on both sides.</summary>
/// <param name="Chosen">The column of the chosen side.</param>
/// <param name="Rejected">The column of the rejected side.</param>
/// <param name="View">Makes the columns.</param>
internal sealed record PairColumns(string Chosen, string Rejected, Func<PreferencePair[], IDataView> View)
{
    private const string ChosenMade = "ChosenInput", RejectedMade = "RejectedInput";

    /// <summary>The texts as they are.</summary>
    public static PairColumns Text(MLContext context) => new(nameof(PreferencePair.Chosen), nameof(PreferencePair.Rejected), pairs => context.Data.LoadFromEnumerable(pairs));

    /// <summary>Columns of a transformer that is fitted on all responses together and then applied to each side.</summary>
    /// <param name="context">Makes the views.</param>
    /// <param name="train">The pairs whose responses are learned from.</param>
    /// <param name="featurizer">Makes <c>Features</c> of <c>Text</c>.</param>
    public static PairColumns Featurized(MLContext context, PreferencePair[] train, IEstimator<ITransformer> featurizer)
    {
        ITransformer fitted = featurizer.Fit(Responses(context, train));
        return new PairColumns(ChosenMade, RejectedMade, pairs =>
        {
            IDataView view = context.Data.LoadFromEnumerable(pairs);
            foreach ((string side, string made) in new[] { (nameof(PreferencePair.Chosen), ChosenMade), (nameof(PreferencePair.Rejected), RejectedMade) })
            {
                view = fitted.Transform(context.Transforms.CopyColumns(nameof(Response.Text), side).Fit(view).Transform(view));
                view = context.Transforms.CopyColumns(made, "Features").Fit(view).Transform(view);
            }

            return context.Data.Cache(context.Transforms.SelectColumns(ChosenMade, RejectedMade).Fit(view).Transform(view));
        });
    }

    /// <summary>Tokens of a tokenizer that is learned from all responses together.</summary>
    public static PairColumns Tokenized(MLContext context, PreferencePair[] train, int vocabularySize)
    {
        using BytePairTransformer learned = context.Transforms.Text.TokenizeBytePairs("Tokens", nameof(Response.Text), vocabularySize).Fit(Responses(context, train));
        BytePairTokenizer tokenizer = learned.Tokenizer;
        BytePairEstimator Tokens(string output, string input) =>
            context.Transforms.Text.TokenizeBytePairs(new BytePairOptions { OutputColumnName = output, InputColumnName = input, Tokenizer = tokenizer });
        return new PairColumns(ChosenMade, RejectedMade, pairs =>
        {
            IDataView view = context.Data.LoadFromEnumerable(pairs);
            return Tokens(ChosenMade, nameof(PreferencePair.Chosen)).Append(Tokens(RejectedMade, nameof(PreferencePair.Rejected))).Fit(view).Transform(view);
        });
    }

    private static IDataView Responses(MLContext context, PreferencePair[] train) =>
        context.Data.LoadFromEnumerable(train.SelectMany(pair => new[] { new Response { Text = pair.Chosen }, new Response { Text = pair.Rejected } }).ToArray());
}
