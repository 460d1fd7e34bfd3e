using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Fitting;
using MLNetExt.Training;

namespace MLNetExt.LanguageModeling;

/// <summary>Looks at every row of tokens once: checks ids and kinds, counts tokens, and leaves out rows in which nothing can be predicted.</summary>
/// <param name="encoder">The encoder that will read them. Ids must be its tokenizer's, which may be fewer than the network's.</param>
/// <param name="specialIds">The tokens that are never predicted.</param>
/// <param name="split">Which rows are held out, and are not counted; null for none.</param>
/// <param name="host">Ends the pass when it is canceled.</param>
internal sealed class MaskedRows(EncoderState encoder, IReadOnlyCollection<int> specialIds, RowSplit? split, ComponentHost host) : IFitRows
{
    private const int TokensAt = 0, TypesAt = 1;

    private readonly EncoderColumns _columns = encoder.Columns();
    private readonly HashSet<int> _special = [.. specialIds];
    private readonly UnreadTokenTypes _unread = new(encoder);

    /// <summary>Rows of special tokens alone, and empty ones.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Rows whose first token is not special.</summary>
    public long WithoutSpecialStart { get; private set; }

    /// <summary>How often each token occurs in the rows that were kept and are not held out.</summary>
    public long[] Counts { get; } = new long[encoder.Network.VocabularySize];

    /// <summary>A digest of the rows that were kept.</summary>
    public RowDigest Digest { get; } = new();

    /// <exception cref="InvalidDataException">An id is not in the vocabulary, a row is too long, or its kinds do not fit its tokens.</exception>
    /// <exception cref="OperationCanceledException">The host was canceled.</exception>
    public bool Visit(RowReader row)
    {
        if (host.IsCanceled)
            throw new OperationCanceledException("The MLContext was canceled while the data were read.");
        ReadOnlySpan<int> tokens = row.Tokens(TokensAt);
        EncoderCheck.Tokens(tokens, _columns.Tokens, encoder.Tokens!.VocabularySize, encoder.Network.ContextLength, row.Row);
        ReadOnlySpan<int> types = _columns.TokenTypes is null ? default : row.Tokens(TypesAt);
        if (_columns.TokenTypes is { } typesColumn)
            EncoderCheck.Types(types, tokens.Length, typesColumn, _columns.Tokens, encoder.Network.TokenTypes, row.Row);
        bool teaches = false;
        foreach (int id in tokens)
            teaches |= !_special.Contains(id);
        if (!teaches)
        {
            LeftOut++;
            return false;
        }

        int first = _columns.PadId is { } pad ? tokens.IndexOfAnyExcept(pad) : 0;
        if (!_special.Contains(tokens[first]))
            WithoutSpecialStart++;
        _unread.Look(tokens);
        if (split?.HoldsOut(row.Row) != true)
        {
            foreach (int id in tokens)
                Counts[id]++;
        }

        Digest.Add(row.Row);
        Digest.Add(tokens);
        Digest.Add(types);
        return true;
    }

    public void Report(string part)
    {
        if (LeftOut > 0)
            host.Warn($"{LeftOut} rows of the {part} data have no token but special ones and are left out: nothing can be predicted in them.");
        _unread.Report(host, part);
    }
}
