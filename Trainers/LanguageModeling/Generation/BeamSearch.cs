using MLNetExt.Networks;
using MLNetExt.Sequences;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Finds a likely continuation of a prompt by keeping the best few of each length: by the sum of log-probabilities, without regard to length.</summary>
internal sealed class BeamSearch(DecoderNetwork network, GenerationOptions options, StopRule stop)
{
    /// <summary>The likeliest continuation found.</summary>
    public int[] Run(int[] prompt)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using KeyValueCache cache = network.NewCache();
        Beam[] live = [new([], 0)];
        Beam? best = null;
        Tensor next = tensor(prompt.Select(id => (long)id).ToArray()).unsqueeze(0);
        for (int length = 0; length < options.MaxNewTokens && live.Length > 0; length++)
        {
            using var step = NewDisposeScope();
            (live, Beam? ended, long[] rows) = Extend(live, network.Hidden(next, cache: cache));
            if (ended is not null && !(ended.Score <= best?.Score))
                best = ended;
            // Scores only fall: no live one can overtake the best that has ended.
            live = [.. live.TakeWhile(beam => !(beam.Score <= best?.Score))];
            if (live.Length == 0)
                break;
            cache.SelectRows(tensor(rows[..live.Length]));
            next = tensor(live.Select(beam => (long)beam.Tokens[^1]).ToArray()).unsqueeze(1).MoveToOuterDisposeScope();
        }

        Beam found = live.Length > 0 && !(live[0].Score <= best?.Score) ? live[0] : best!;
        return found.Tokens;
    }

    /// <summary>The best extensions by one token, from high to low, and the rows that they extend.</summary>
    private (Beam[] Live, Beam? Ended, long[] Rows) Extend(Beam[] live, Tensor hidden)
    {
        using var step = NewDisposeScope();
        Tensor scores = network.Logits(hidden.select(1, -1)).log_softmax(-1, ScalarType.Float64)
            + tensor(live.Select(beam => beam.Score).ToArray()).unsqueeze(1);
        long vocabulary = scores.shape[1];
        // Each of the beams can end in one way: among twice as many there are enough that go on.
        (Tensor values, Tensor places) = scores.flatten().topk((int)Math.Min(2 * options.Beams, scores.numel()));
        double[] value = [.. values.data<double>()];
        long[] place = [.. places.data<long>()];
        List<Beam> longer = [];
        List<long> rows = [];
        Beam? ended = null;
        for (int i = 0; i < place.Length && longer.Count < options.Beams; i++)
        {
            (long row, int token) = (place[i] / vocabulary, (int)(place[i] % vocabulary));
            if (stop.IsEnd(token))
            {
                ended ??= new Beam(live[row].Tokens, value[i]);
                continue;
            }

            longer.Add(new Beam([.. live[row].Tokens, token], value[i]));
            rows.Add(row);
        }

        return ([.. longer], ended, [.. rows]);
    }

    private sealed record Beam(int[] Tokens, double Score);
}
