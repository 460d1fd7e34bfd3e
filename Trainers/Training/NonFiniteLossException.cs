using System.Globalization;

namespace MLNetExt.Training;

/// <summary>The training loss, or a weight, became NaN or infinite.</summary>
public sealed class NonFiniteLossException : ArithmeticException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="step">The optimiser step, from 1, whose loss is not finite.</param>
    /// <param name="epoch">Its epoch, from 1.</param>
    /// <param name="learningRate">The learning rate of that step.</param>
    public NonFiniteLossException(long step, int epoch, double learningRate)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"The training loss or a weight is not finite at step {step} (epoch {epoch}, learning rate {learningRate:G4}). Lower {nameof(TrainingOptions.LearningRate)}, set {nameof(TrainingOptions.MaxGradientNorm)}, or look for very large feature values."))
        => (Step, Epoch, LearningRate) = (step, epoch, learningRate);

    /// <summary>The optimiser step, from 1, whose loss is not finite.</summary>
    public long Step { get; }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The learning rate of that step.</summary>
    public double LearningRate { get; }
}
