using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.ML.SearchSpace;

namespace MLNetExt.Tests.Contract;

/// <summary>A property of an options object or of the options nested in it.</summary>
/// <param name="Path">Its name, with those of the options that it is nested in.</param>
/// <param name="Owner">The object that has it.</param>
/// <param name="Property">The property.</param>
/// <param name="IsReached">Whether a search reaches the options that it is nested in.</param>
internal sealed record OptionMember(string Path, object Owner, PropertyInfo Property, bool IsReached = true)
{
    /// <summary>The attribute that makes it searchable; null when it is not.</summary>
    public Attribute? Search => !IsReached
        ? null
        : Property.GetCustomAttributes().SingleOrDefault(a => a is RangeAttribute or ChoiceAttribute or BooleanChoiceAttribute or NestOptionAttribute);

    /// <summary>Whether it holds options itself, whether a search reaches them or not.</summary>
    public bool IsNested => Search is NestOptionAttribute || (IsInJson && Type is { IsClass: true, IsSealed: true } && Type.Name.EndsWith("Options", StringComparison.Ordinal));

    /// <summary>Whether it holds options that are null unless they are wanted.</summary>
    public bool IsOptional => IsNested && Value is null;

    public bool IsInJson => Property.GetCustomAttribute<JsonIgnoreAttribute>() is null;

    public bool IsSettable => Property.GetSetMethod() is not null;

    public object? Value => Property.GetValue(Owner);

    /// <summary>The type without a <see cref="Nullable{T}"/> around it.</summary>
    public Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>All properties, those of nested options, or of their defaults where they are null, after the one that holds them.</summary>
    public static IEnumerable<OptionMember> Of(object options, string prefix = "", bool isReached = true)
    {
        foreach (PropertyInfo property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var member = new OptionMember(prefix + property.Name, options, property, isReached);
            yield return member;
            if (!member.IsNested)
                continue;
            foreach (OptionMember nested in Of(member.Value ?? Activator.CreateInstance(member.Type)!, member.Path + ".", member.Search is NestOptionAttribute))
                yield return nested;
        }
    }
}
