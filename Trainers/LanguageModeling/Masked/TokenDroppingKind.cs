using System.Text.Json.Serialization;

namespace MLNetExt.LanguageModeling;

/// <summary>Whether an encoder's middle layers read all tokens while it is trained.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TokenDroppingKind>))]
public enum TokenDroppingKind
{
    /// <summary>They do.</summary>
    None,

    /// <summary>They read some (Hou et al., ACL 2022, arXiv 2203.13240).</summary>
    TokenDropping,

    /// <summary>They read some, and every so often what comes out is held to what comes out when they read all: ScTD (Zhong et al., ACL 2023, arXiv 2305.15273).</summary>
    Consistent,
}
