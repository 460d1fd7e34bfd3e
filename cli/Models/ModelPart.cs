using System.Text.Json;

namespace MLNetExt.Cli.Models;

/// <summary>A transformer in a model file.</summary>
/// <param name="Type">Its class.</param>
/// <param name="Component">Its id when it is a component of MLNetExt or built on it; null for a part of ML.NET.</param>
/// <param name="Classifier">What it has learned when it is a squentropy classifier.</param>
/// <param name="Towers">What it has learned when it is a two-tower model.</param>
/// <param name="LanguageModel">What it is when it is a causal language model.</param>
/// <param name="Encoder">What it is when it is a text encoder.</param>
/// <param name="TextClassifier">What it has learned when it is a classifier of texts on an encoder.</param>
/// <param name="Reward">What it is when it is a reward model.</param>
/// <param name="Header">The component's stored header.</param>
internal sealed record ModelPart(
    string Type,
    string? Component,
    ClassifierSummary? Classifier,
    TowersSummary? Towers,
    LanguageModelSummary? LanguageModel,
    EncoderSummary? Encoder,
    TextClassifierSummary? TextClassifier,
    RewardSummary? Reward,
    JsonElement? Header);
