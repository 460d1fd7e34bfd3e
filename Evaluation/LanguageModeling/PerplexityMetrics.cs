using static MLNetExt.Evaluation.TableCells;

namespace MLNetExt.Evaluation;

/// <summary>How well a language model predicts test documents.</summary>
public sealed class PerplexityMetrics
{
    internal PerplexityMetrics()
    {
    }

    /// <summary>The negative log-likelihood of all scored tokens together, in nats.</summary>
    public required double NegativeLogLikelihood { get; init; }

    /// <summary>The number of tokens scored.</summary>
    public required long TokenCount { get; init; }

    /// <summary>The mean negative log-likelihood of a token, in nats: over all tokens alike, not over documents.</summary>
    public double MeanNegativeLogLikelihood => NegativeLogLikelihood / TokenCount;

    /// <summary>Perplexity, at least 1: e to the <see cref="MeanNegativeLogLikelihood"/>. Comparable only between models of one tokenizer.</summary>
    public double Perplexity => Math.Exp(MeanNegativeLogLikelihood);

    /// <summary>The number of characters (Unicode scalar values) of the text; null when neither text nor their number was given.</summary>
    public required long? CharacterCount { get; init; }

    /// <summary>The number of bytes of the text in UTF-8; null when no text was given.</summary>
    public required long? ByteCount { get; init; }

    /// <summary>The bits that the model needs for a character: <see cref="NegativeLogLikelihood"/> / ln 2 / <see cref="CharacterCount"/>. It does not depend on the
    /// tokenizer. Null when the characters are not known, or <see cref="FirstTokensNotScored"/> is above 0: then part of the text would be free.</summary>
    public double? BitsPerCharacter => Bits / CharacterCount;

    /// <summary>The bits that the model needs for a byte of UTF-8; null like <see cref="BitsPerCharacter"/>.</summary>
    public double? BitsPerByte => Bits / ByteCount;

    /// <summary>The number of documents scored.</summary>
    public required int DocumentCount { get; init; }

    /// <summary>The number of documents without any token to score, which count for nothing.</summary>
    public required int EmptyDocuments { get; init; }

    /// <summary>The number of first tokens that were not scored because <see cref="FirstTokenPolicy.LeaveOut"/> was chosen.</summary>
    public required int FirstTokensNotScored { get; init; }

    /// <summary>The token from which first tokens were predicted; null when they were left out.</summary>
    public required int? StartTokenId { get; init; }

    /// <summary>The model's context, in tokens.</summary>
    public required int ContextLength { get; init; }

    /// <summary>How many tokens each further window of a long document scored.</summary>
    public required int Stride { get; init; }

    private double? Bits => FirstTokensNotScored == 0 ? NegativeLogLikelihood / Math.Log(2) : null;

    /// <summary>The numbers as a table.</summary>
    public override string ToString()
    {
        var table = new TextTable("Perplexity", [""]);
        table.AddRow("Documents (empty)", $"{Count(DocumentCount)} ({Count(EmptyDocuments)})");
        table.AddRow("Tokens scored", Count(TokenCount));
        table.AddRow("First tokens", StartTokenId is { } start ? $"scored, from token {start}" : $"{Count(FirstTokensNotScored)} not scored");
        table.AddRow("Context, stride", $"{ContextLength}, {Stride}");
        table.AddRow("Mean NLL (nats a token)", Number(MeanNegativeLogLikelihood, "0.0000"));
        table.AddRow("Perplexity", Number(Perplexity, "0.0000"));
        table.AddRow("Bits per character", Number(BitsPerCharacter, "0.0000"));
        table.AddRow("Bits per byte", Number(BitsPerByte, "0.0000"));
        return table.ToString();
    }
}
