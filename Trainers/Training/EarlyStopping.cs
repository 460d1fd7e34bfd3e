namespace MLNetExt.Training;

/// <summary>Remembers the best validation and counts those since.</summary>
internal sealed class EarlyStopping(int patience)
{
    public BestValidation? Best { get; private set; }

    /// <summary>Validations since the best.</summary>
    public int SinceBest { get; private set; }

    public bool ShouldStop => patience > 0 && SinceBest >= patience;

    /// <summary>Takes a validation in and says whether it is the best so far.</summary>
    public bool Add(BestValidation candidate)
    {
        bool isBest = Best is null || candidate.Metrics[0].IsBetterThan(Best.Metrics[0]);
        (Best, SinceBest) = isBest ? (candidate, 0) : (Best, SinceBest + 1);
        return isBest;
    }

    public void Restore(BestValidation? best, int sinceBest) => (Best, SinceBest) = (best, sinceBest);
}
