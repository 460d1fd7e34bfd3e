namespace MLNetExt.Training;

/// <summary>Linear warm-up to the peak, then half a cosine (arXiv 1608.03983 without restarts) down to a floor.</summary>
internal sealed class LearningRateSchedule(TrainingOptions options, long steps)
{
    private readonly long _warmup = Math.Min(
        steps, options.WarmupSteps > 0 ? options.WarmupSteps : (long)Math.Round(options.WarmupFraction * steps));

    /// <summary>The rate of a step, counted from 0. The first is above 0 and step <c>warm-up - 1</c> has the peak.</summary>
    public double Rate(long step)
    {
        if (step < _warmup)
        {
            return options.LearningRate * (step + 1) / _warmup;
        }
        double progress = (double)(step - _warmup) / Math.Max(1, steps - _warmup);
        double floor = options.FinalLearningRateFraction;
        return options.LearningRate * (floor + (1 - floor) * 0.5 * (1 + Math.Cos(Math.PI * progress)));
    }
}
