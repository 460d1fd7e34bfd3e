using MLNetExt.Masking;
using MLNetExt.Networks;
using MLNetExt.Tokenization;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Finds the tokens that are likeliest in the place of masks.</summary>
internal sealed class MaskFilling(EncoderModel model)
{
    private EncoderOptions Network => model.Network.Options;

    private int? MaskId => model.State.Tokens?.SpecialTokens is { } special && special.TryGetValue(MaskVocabulary.MaskRole, out int id) ? id : null;

    public MaskCandidate[][] Fill(string text, int count)
    {
        ObjectDisposedException.ThrowIf(model.IsDisposed, model);
        TextTokenizer tokenizer = model.Tokenizer ?? throw new InvalidOperationException("The model has no tokenizer, and reads no text: use FillMask with token ids.");
        int[] ids = tokenizer.EncodeMasked(text);
        if (!ids.Contains(MaskId!.Value))
            throw new ArgumentException($"The text has no {tokenizer.TokenText(MaskId.Value)}: write it where tokens are to be found.", nameof(text));
        if (ids.Length > Network.ContextLength)
            throw new ArgumentException($"The text has {ids.Length} tokens, but the model reads {Network.ContextLength}: leave out what is far from the mask.", nameof(text));
        return Likeliest(ids, MaskId.Value, count);
    }

    public MaskCandidate[][] Fill(int[] ids, int count, int? maskId)
    {
        ObjectDisposedException.ThrowIf(model.IsDisposed, model);
        int mask = maskId ?? MaskId ?? throw new InvalidOperationException("The model has no tokenizer with a mask: say which id it has.");
        if (!ids.Contains(mask))
            throw new ArgumentException($"There is no mask, {mask}, among the {ids.Length} ids: set it where tokens are to be found.", nameof(ids));
        if (ids.Length > Network.ContextLength)
            throw new ArgumentException($"There are {ids.Length} tokens, but the model reads {Network.ContextLength}: leave out what is far from the mask.", nameof(ids));
        if (ids.AsSpan().IndexOfAnyExceptInRange(0, Network.VocabularySize - 1) is >= 0 and var bad)
            throw new ArgumentException($"The id {ids[bad]} in slot {bad} is not in the vocabulary of {Network.VocabularySize} tokens.", nameof(ids));
        return Likeliest(ids, mask, count);
    }

    private MaskCandidate[][] Likeliest(int[] ids, int mask, int count)
    {
        if (count < 1 || count > Network.VocabularySize)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"It must be from 1 to {Network.VocabularySize}, the number of tokens.");
        return [.. Probabilities(ids, mask).Select(probabilities => Enumerable.Range(0, probabilities.Length)
            .OrderByDescending(id => probabilities[id]).Take(count).Select(id => new MaskCandidate(id, TextOf(id), probabilities[id])).ToArray())];
    }

    /// <summary>For each mask the probabilities of all tokens.</summary>
    private IEnumerable<float[]> Probabilities(int[] ids, int mask)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        Tensor row = tensor(Array.ConvertAll(ids, id => (long)id), [1, ids.Length]);
        Tensor? isToken = model.State.Columns().PadId is { } pad ? row.ne(pad) : null;
        long[] places = [.. Enumerable.Range(0, ids.Length).Where(place => ids[place] == mask).Select(place => (long)place)];
        Tensor logits = model.Network.Logits(model.Network.Hidden(row, isToken).Last[0].index_select(0, tensor(places)));
        return nn.functional.softmax(logits, 1).data<float>().ToArray().Chunk(Network.VocabularySize);
    }

    private string? TextOf(int id) => model.Tokenizer is { } tokenizer && id < tokenizer.VocabularySize ? tokenizer.TokenText(id) : null;
}
