using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Fitting;
using MLNetExt.LanguageModeling;
using MLNetExt.Training;

namespace MLNetExt.Classification;

/// <summary>Looks at every row once: checks tokens and kinds, counts labels, and leaves out rows that cannot teach.</summary>
/// <param name="encoder">The encoder that will read them.</param>
/// <param name="labels">The labels and weights.</param>
/// <param name="host">Ends the pass when it is canceled.</param>
internal sealed class TextClassifierRows(EncoderState encoder, RowLabels labels, ComponentHost host) : IFitRows
{
    private const int TokensAt = 0, TypesAt = 1;

    private readonly IReadOnlySet<int> _emptyIds = encoder.EmptyIds();
    private readonly UnreadTokenTypes _unread = new(encoder);
    private long _empty;

    /// <summary>The labels and weights.</summary>
    public RowLabels Labels => labels;

    /// <summary>A digest of the rows that were kept.</summary>
    public RowDigest Digest { get; } = new();

    /// <summary>The columns that training reads, the encoder's first.</summary>
    public static IReadOnlyList<BatchColumn> Columns(EncoderColumns encoder, IClassifierOptions options, IEnumerable<LabelColumn> labels) => [.. encoder.ToRead, .. RowLabels.Columns(options, labels)];

    /// <exception cref="InvalidDataException">The encoder cannot read a row, a weight is negative or not finite, or a label is missing and the policy is to fail.</exception>
    /// <exception cref="OperationCanceledException">The host was canceled.</exception>
    public bool Visit(RowReader row)
    {
        if (host.IsCanceled)
            throw new OperationCanceledException("The MLContext was canceled while the data were read.");
        if (!labels.CanTeach(row))
            return false;
        ReadOnlySpan<int> tokens = row.Tokens(TokensAt), types = encoder.TokenTypesColumn is null ? default : row.Tokens(TypesAt);
        EncoderCheck.Tokens(tokens, encoder.TokensColumn, encoder.Network.VocabularySize, encoder.Network.ContextLength, row.Row);
        if (encoder.TokenTypesColumn is { } typesColumn)
            EncoderCheck.Types(types, tokens.Length, typesColumn, encoder.TokensColumn, encoder.Network.TokenTypes, row.Row);
        if (EncoderCheck.IsEmpty(tokens, _emptyIds))
        {
            _empty++;
            return false;
        }

        _unread.Look(tokens);
        labels.Take(row.Row, Digest);
        Digest.Add(tokens);
        Digest.Add(types);
        return true;
    }

    public void Report(string part)
    {
        labels.Report(host, part);
        if (_empty > 0)
            host.Warn($"{_empty} rows of the {part} data have no token but special ones in column '{encoder.TokensColumn}' and are left out.");
        _unread.Report(host, part);
    }
}
