using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Lends torch's global generator to code that can draw from no other, such as torch's own modules.</summary>
/// <remarks>What it draws follows from the private generator alone, and the global one is left as it was. The loan is of the
/// whole process: a thread that draws from the global generator meanwhile, outside this class, disturbs it.</remarks>
internal static class GlobalGenerator
{
    private static readonly Lock s_loan = new();

    /// <summary>Runs <paramref name="draw"/> with the global generator in the state of <paramref name="generator"/>, which moves on by what was drawn.</summary>
    public static T Lend<T>(Generator generator, Func<T> draw)
    {
        lock (s_loan)
        {
            using Tensor before = get_rng_state();
            try
            {
                using (Tensor start = generator.get_state())
                    set_rng_state(start);
                T drawn = draw();
                using Tensor end = get_rng_state();
                generator.set_state(end);
                return drawn;
            }
            finally
            {
                set_rng_state(before);
            }
        }
    }
}
