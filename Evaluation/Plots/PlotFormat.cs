namespace MLNetExt.Evaluation;

/// <summary>The file format of a report's plots.</summary>
public enum PlotFormat
{
    /// <summary>SVG; needs no font.</summary>
    Svg,

    /// <summary>PNG; needs an installed font.</summary>
    Png,
}
