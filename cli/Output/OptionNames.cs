using System.Text.RegularExpressions;
using MLNetExt.Classification;
using MLNetExt.Contrastive;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Preference;
using MLNetExt.Sequences;
using MLNetExt.Tokenization;
using MLNetExt.Training;

namespace MLNetExt.Cli.Output;

/// <summary>The library's messages name its options; the user of the command line knows them by other names.</summary>
internal static partial class OptionNames
{
    private static readonly Dictionary<string, string> s_names = new()
    {
        [nameof(SquentropyOptions.BatchSize)] = "--batch-size",
        [nameof(SquentropyOptions.FewClasses)] = "--few-classes",
        [nameof(FewClassesPolicy.KeepSquareWeight)] = "'keep'",
        [nameof(SquentropyOptions.HiddenLayers)] = "--hidden-layers",
        [nameof(SquentropyOptions.HiddenUnits)] = "--hidden-units",
        [nameof(SquentropyOptions.Loss)] = "--loss",
        [nameof(SquentropyOptions.Seed)] = "--seed",
        [nameof(SquentropyOptions.SquareWeight)] = "--square-weight",
        [nameof(SquentropyOptions.TemperatureScaling)] = "--temperature-scaling",
        [nameof(SquentropyOptions.ValidationFraction)] = "--validation-fraction",
        [nameof(SigmoidContrastiveOptions.EmbeddingSize)] = "--embedding-size",
        [nameof(SigmoidContrastiveOptions.InitialBias)] = "--bias",
        [nameof(SigmoidContrastiveOptions.InitialTemperature)] = "--temperature",
        [nameof(SigmoidContrastiveOptions.Matching)] = "--matching",
        [nameof(SigmoidContrastiveOptions.MicroBatchSize)] = "--micro-batch-size",
        [nameof(SigmoidContrastiveOptions.UnusableRows)] = "--unreadable-images",
        [nameof(UnusableRowPolicy.Skip)] = "'skip'",
        [nameof(CausalNetworkOptions.ContextLength)] = "--context",
        [nameof(CausalNetworkOptions.Heads)] = "--heads",
        [nameof(CausalLanguageModelOptions.RandomTokenMask)] = "--random-mask",
        [nameof(WordPieceOptions.VocabularySize)] = "--vocabulary",
        [nameof(WordPieceOptions.MaxCharacters)] = "--max-characters",
        [nameof(GenerationOptions.Beams)] = "--beams",
        [nameof(GenerationOptions.MaxNewTokens)] = "--max-tokens",
        [nameof(GenerationOptions.RepetitionPenalty)] = "--repetition-penalty",
        [nameof(GenerationOptions.StopStrings)] = "--stop",
        [nameof(GenerationOptions.Temperature)] = "--temperature",
        [nameof(GenerationOptions.TopK)] = "--top-k",
        [nameof(GenerationOptions.TopP)] = "--top-p",
        [nameof(PairwiseCringeOptions.Alpha)] = "--alpha",
        [nameof(PairwiseCringeOptions.AutoGate)] = "--auto-gate",
        [nameof(PairwiseCringeOptions.Candidates)] = "--candidates",
        [nameof(PairwiseCringeOptions.MaxLength)] = "--max-length",
        [nameof(PairwiseCringeOptions.MaxPromptLength)] = "--max-prompt-length",
        [nameof(PairwiseCringeOptions.Offset)] = "--offset",
        [nameof(DirectPreferenceOptions.Beta)] = "--beta",
        [nameof(DirectPreferenceOptions.Gamma)] = "--gamma",
        [nameof(DirectPreferenceOptions.LabelSmoothing)] = "--label-smoothing",
        [nameof(MemorizationOptions.PrefixLength)] = "--prefix",
        [nameof(MemorizationOptions.SuffixLength)] = "--suffix",
        [nameof(TrainingOptions.CheckpointFolder)] = "--checkpoints folder",
        [nameof(TrainingOptions.Epochs)] = "--epochs",
        [nameof(TrainingOptions.LearningRate)] = "--learning-rate",
        [nameof(TrainingOptions.Resume)] = "--resume",
    };

    /// <summary>The message with the command line's names.</summary>
    public static string Translate(string message) => Words().Replace(message, word => s_names.GetValueOrDefault(word.Value, word.Value));

    /// <summary>Words that are not quoted: a quoted one is a column, a class or a file.</summary>
    [GeneratedRegex(@"(?<![\w'./\\-])[A-Z]\w+(?![\w'/\\])")]
    private static partial Regex Words();
}
