namespace MLNetExt.Benchmarks;

/// <summary>Test accuracy and expected calibration error (10 bins) of one run, in per cent.</summary>
internal sealed record EffectResult(double Accuracy, double CalibrationError);
