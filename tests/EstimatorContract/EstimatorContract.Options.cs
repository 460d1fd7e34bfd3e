using System.Collections;
using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.SearchSpace;

namespace MLNetExt.Tests.Contract;

public abstract partial class EstimatorContract<TOptions, TRow, TPrediction>
{
    [TestMethod]
    public void Both_catalog_overloads_give_the_same_model()
    {
        if (!ShortOverloadFits)
            return;
        MLContext first = new(seed: 7), second = new(seed: 7);
        using var byArguments = new Fitted(first, CreateShort(first).Fit(Data(first)));
        using var byOptions = new Fitted(second, Create(second, ShortOptions()).Fit(Data(second)));
        Table.AreEqual(Outputs(byArguments), Outputs(byOptions), 0, "the catalog's two overloads disagree");
    }

    [TestMethod]
    public void Options_are_a_sealed_class_of_properties()
    {
        foreach (Type type in OptionMember.Of(new TOptions()).Where(m => m.IsNested).Select(m => m.Type).Prepend(typeof(TOptions)))
        {
            Assert.IsTrue(type.IsSealed, $"{type.Name} is not sealed");
            Assert.IsNotNull(type.GetConstructor(Type.EmptyTypes), $"{type.Name} has no public parameterless constructor");
            Assert.IsEmpty(type.GetFields(BindingFlags.Public | BindingFlags.Instance), $"{type.Name} has fields, which AutoML silently drops");
        }
    }

    [TestMethod]
    public void Searchable_options_can_be_set_and_their_ranges_hold_the_default()
    {
        OptionMember[] searchable = [.. OptionMember.Of(new TOptions()).Where(m => m.Search is not null)];
        Assert.AreEqual(HasSearchableOptions, searchable.Length > 0, "whether an option can be searched");
        foreach (OptionMember member in searchable)
        {
            Assert.IsTrue(member.IsSettable, $"{member.Path} has no public setter");
            Assert.IsTrue(member.IsNested || IsPlain(member.Type), $"{member.Path} is a {member.Type}: AutoML knows numbers, bool, string, enum and nested options");
            switch (member.Search)
            {
                case RangeAttribute range:
                    Assert.IsInRange(SearchPoint.ToDouble(range.Min), SearchPoint.ToDouble(range.Max), SearchPoint.ToDouble(member.Value!), $"{member.Path}'s default lies outside its range");
                    Assert.AreEqual(SearchPoint.ToDouble(member.Value!), SearchPoint.ToDouble(range.Init), $"{member.Path}'s search does not begin at the default");
                    Assert.IsTrue(!range.LogBase || SearchPoint.ToDouble(range.Min) > 0, $"{member.Path} has a logarithmic range from 0");
                    break;
                case ChoiceAttribute choice:
                    CollectionAssert.Contains(choice.Candidates, member.Value, $"{member.Path}'s default is not among its choices");
                    break;
                case BooleanChoiceAttribute choice:
                    Assert.AreEqual(choice.DefaultValue, member.Value, $"{member.Path}'s default");
                    break;
            }
        }
    }

    [TestMethod]
    public void Run_time_options_stay_out_of_json_and_search()
    {
        foreach (OptionMember member in OptionMember.Of(new TOptions()).Where(m => !m.IsNested && !IsData(m.Type)))
        {
            Assert.IsFalse(member.IsInJson, $"{member.Path} ({member.Type}) is a run-time member without [JsonIgnore]");
            Assert.IsNull(member.Search, $"{member.Path} ({member.Type}) is a run-time member with a search attribute");
        }
    }

    [TestMethod]
    public void Options_survive_json()
    {
        var options = new TOptions();
        foreach (OptionMember member in OptionMember.Of(options).Where(m => m.IsOptional).ToArray())
            member.Property.SetValue(member.Owner, Activator.CreateInstance(member.Type));
        foreach (OptionMember member in OptionMember.Of(options).Where(m => m.IsInJson && m.IsSettable && !m.IsNested))
            member.Property.SetValue(member.Owner, Other(member));
        string json = JsonSerializer.Serialize(options);
        var restored = JsonSerializer.Deserialize<TOptions>(json)!;
        Assert.AreEqual(json, JsonSerializer.Serialize(restored), "JSON round trip");
        foreach ((OptionMember was, OptionMember now) in OptionMember.Of(options).Zip(OptionMember.Of(restored)).Where(p => p.First.IsInJson && IsPlain(p.First.Type)))
            Assert.AreEqual(was.Value, now.Value, $"{was.Path} is lost on the way through JSON");
    }

    [TestMethod]
    public void Fit_leaves_the_options_as_they_were()
    {
        TOptions options = Options();
        string before = JsonSerializer.Serialize(options);
        object?[] runTime = [.. OptionMember.Of(options).Where(m => !m.IsInJson).Select(m => m.Value)];
        Fit(options).Dispose();
        Assert.AreEqual(before, JsonSerializer.Serialize(options), "Fit changed the options");
        CollectionAssert.AreEqual(runTime, OptionMember.Of(options).Where(m => !m.IsInJson).Select(m => m.Value).ToArray(), "Fit changed a run-time option");
    }

    private static bool IsPlain(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string);

    private static bool IsData(Type type) => IsPlain(type)
        || (type.IsArray && IsPlain(type.GetElementType()!))
        || (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) && type.GetGenericArguments().All(IsPlain));

    /// <summary>A value that is not the default; a null that is no plain value stays.</summary>
    private static object? Other(OptionMember member) => member.Value switch
    {
        bool value => !value,
        int value => value + 1,
        long value => value + 1,
        double value => value + 0.125,
        float value => value + 0.125f,
        Enum value => Enum.GetValues(member.Type).Cast<object>().First(v => !v.Equals(value)),
        null when member.Type == typeof(int) => 17,
        null when member.Type == typeof(double) => 0.125,
        _ when member.Type == typeof(string) => "other",
        var value => value,
    };
}
