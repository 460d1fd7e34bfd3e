using System.Text.Json.Nodes;

namespace MLNetExt.Networks;

/// <summary>Rotary positions in a <c>config.json</c>: <c>rope_theta</c> and <c>rope_scaling</c>, or both in the newer <c>rope_parameters</c>.</summary>
internal static class RotaryConfig
{
    private const double DefaultTheta = 10_000;

    private static readonly Dictionary<string, RotaryScalingKind?> s_kinds = new()
    {
        ["default"] = null,
        ["linear"] = RotaryScalingKind.Linear,
        ["llama3"] = RotaryScalingKind.Llama3,
    };

    /// <exception cref="NotSupportedException">The scaling is of another kind.</exception>
    public static (double Theta, RotaryScaling? Scaling) Read(ModelConfig config)
    {
        config.Only("partial_rotary_factor", 1);
        double theta = config.Number("rope_theta", DefaultTheta);
        if (config.Part("rope_parameters") is not { } parameters)
            return (theta, config.Part("rope_scaling") is { } part ? ReadScaling(part) : null);
        parameters.Only("partial_rotary_factor", 1);
        theta = parameters.Number("rope_theta", theta);
        return (theta, ReadScaling(parameters));
    }

    public static JsonObject Write(RotaryScaling scaling)
    {
        var part = new JsonObject { ["rope_type"] = s_kinds.Single(k => k.Value == scaling.Kind).Key, ["factor"] = scaling.Factor };
        if (scaling.Kind == RotaryScalingKind.Llama3)
        {
            part["low_freq_factor"] = scaling.LowFrequencyFactor;
            part["high_freq_factor"] = scaling.HighFrequencyFactor;
            part["original_max_position_embeddings"] = scaling.OriginalContextLength;
        }

        return part;
    }

    private static RotaryScaling? ReadScaling(ModelConfig part)
    {
        // Older files say "type", newer ones both; a kind that has no use for a number passes it over.
        part.Ignore("type", "factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings");
        RotaryScalingKind? kind = part.Choice(part.Has("rope_type") ? "rope_type" : "type", "default", s_kinds);
        RotaryScaling? scaling = kind switch
        {
            RotaryScalingKind.Linear => new RotaryScaling(RotaryScalingKind.Linear, part.Number("factor")),
            RotaryScalingKind.Llama3 => new RotaryScaling(
                RotaryScalingKind.Llama3,
                part.Number("factor"),
                part.Number("low_freq_factor"),
                part.Number("high_freq_factor"),
                part.Count("original_max_position_embeddings")),
            _ => null,
        };
        part.RequireAllUnderstood();
        return scaling;
    }
}
