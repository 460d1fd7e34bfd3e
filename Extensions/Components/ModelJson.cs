using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetExt.Components;

/// <summary>How every JSON document inside a model is written and read.</summary>
internal static class ModelJson
{
    public const int MaxDepth = 32;

    public static JsonSerializerOptions Options { get; } = new()
    {
        MaxDepth = MaxDepth,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    /// <summary>Makes an object from JSON that anybody may have written.</summary>
    /// <param name="json">The object's properties.</param>
    /// <param name="type">The object's type; what its constructor and setters refuse counts as damage.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <exception cref="InvalidDataException">The JSON does not fit the type. As everywhere where a model is read, it has no inner
    /// exception: ML.NET wraps it, and <see cref="Exception.GetBaseException"/> then finds the message that was meant for the user.</exception>
    public static object Read(JsonElement json, Type type, string what)
    {
        try
        {
            return json.Deserialize(type, Options) ?? throw new InvalidDataException($"{what} is null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"{what} is damaged or does not fit {type}: {e.Message}");
        }
    }
}
