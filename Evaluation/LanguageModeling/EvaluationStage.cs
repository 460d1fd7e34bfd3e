namespace MLNetExt.Evaluation;

/// <summary>What an evaluation of a language model is doing.</summary>
public enum EvaluationStage
{
    /// <summary>Continuing the prefixes of documents.</summary>
    Extraction,

    /// <summary>Scoring documents that the model was trained on.</summary>
    Members,

    /// <summary>Scoring documents that it was not trained on.</summary>
    NonMembers,

    /// <summary>Scoring test documents.</summary>
    Perplexity,

    /// <summary>Scoring pairs of completions.</summary>
    Preference,

    /// <summary>Sampling from the model, to estimate how far it is from another.</summary>
    Divergence,

    /// <summary>Continuing prompts with two models, and judging.</summary>
    Comparison,

    /// <summary>Predicting masked tokens.</summary>
    Masked,
}
