using System.Text.Json;

namespace MLNetExt.Components;

/// <summary>The JSON document at the head of every component in a model.</summary>
/// <param name="FormatVersion">The version of this layout.</param>
/// <param name="Component">The id in the class's <see cref="LoadableComponentAttribute"/>.</param>
/// <param name="Assembly">The simple name of the class's assembly.</param>
/// <param name="StateVersion">The version of the component's own state.</param>
/// <param name="State">The component's own state.</param>
internal sealed record ComponentHeader(int FormatVersion, string Component, string Assembly, int StateVersion, JsonElement State)
{
    public const string StreamName = "component.json";
    public const int CurrentFormatVersion = 1;
}
