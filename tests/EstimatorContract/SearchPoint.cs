using System.Globalization;
using Microsoft.ML.SearchSpace;

namespace MLNetExt.Tests.Contract;

/// <summary>Draws options from the space that their search attributes span, as an AutoML run does.</summary>
internal static class SearchPoint
{
    public static void Draw(object options, Random random)
    {
        foreach (OptionMember member in OptionMember.Of(options).Where(m => m.Search is not (null or NestOptionAttribute)))
            member.Property.SetValue(member.Owner, Value(member, random));
    }

    private static object Value(OptionMember member, Random random) => member.Search switch
    {
        ChoiceAttribute choice => choice.Candidates[random.Next(choice.Candidates.Length)],
        BooleanChoiceAttribute => random.Next(2) == 1,
        RangeAttribute range => Convert.ChangeType(Number(range, random), member.Type, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"{member.Path} has an unknown search attribute."),
    };

    private static double Number(RangeAttribute range, Random random)
    {
        double min = ToDouble(range.Min), max = ToDouble(range.Max), at = random.NextDouble();
        return range.LogBase ? min * Math.Pow(max / min, at) : min + at * (max - min);
    }

    public static double ToDouble(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);
}
