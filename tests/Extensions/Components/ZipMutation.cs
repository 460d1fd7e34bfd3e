using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace MLNetExt.Tests.Components;

/// <summary>One way to damage a model, drawn at random.</summary>
/// <param name="Name">What was done, for messages.</param>
/// <param name="Zip">The damaged model.</param>
/// <param name="IsOurs">Whether the damage is in the parts that MLNetExt reads, and in them alone.</param>
internal sealed record ZipMutation(string Name, byte[] Zip, bool IsOurs)
{
    private const string Separators = "0123456789-.e\"[]{},:";

    private static readonly string[] s_evilJson =
    [
        "null", "0", "-1", "1.5", "2147483647", "2147483648", "-2147483648", "4611686018427387904", "1e300", "\"NaN\"", "true", "\"\"",
        "\"Infinity\"", "\"MLNetExt.Squentropy\"", "\"Contoso.NearestCentroid\"", "\"System.Private.CoreLib\"", "\"Microsoft.ML.Data\"",
        "\"../../etc/passwd\"", "[]", "{}", "[[[[]]]]", "[2147483647,2147483647,2147483647]", "[null]", "{\"a\":{\"b\":1}}",
    ];

    public static ZipMutation Draw(byte[] zip, ModelZip model, Random random) => random.Next(10) switch
    {
        0 => new("bytes of the zip", Bytes(zip, random), false),
        1 => new("claimed sizes", ClaimedSizes(zip, random), false),
        2 => new("entries", Entries(model, random).ToBytes(), false),
        3 or 4 or 5 => Json(model, random),
        6 or 7 => Entry("header bytes", model, ModelZip.Header, random, isOurs: true),
        8 => Entry("weights", model, ModelZip.Weights, random, isOurs: true),
        _ => Entry("ML.NET's part", model, random.Next(4) == 0 ? "Schema" : "Model.key", random, isOurs: false),
    };

    private static ZipMutation Entry(string name, ModelZip model, string fileName, Random random, bool isOurs)
    {
        int[] places = [.. Enumerable.Range(0, model.Entries.Count).Where(i => model.Entries[i].Name.EndsWith(fileName, StringComparison.Ordinal))];
        if (places.Length == 0)
            return Json(model, random);
        int place = places[random.Next(places.Length)];
        return new(name, model.Replace(place, Bytes(model.Entries[place].Content, random)).ToBytes(), isOurs);
    }

    private static ZipMutation Json(ModelZip model, Random random) => new(
        "header JSON", model.EditHeader(root =>
        {
            for (int change = random.Next(1, 3); change > 0; change--)
                Change(Nodes(root).ToArray(), random);
        }).ToBytes(), true);

    private static void Change((JsonNode Parent, object Key)[] nodes, Random random)
    {
        if (nodes.Length == 0)
            return;
        (JsonNode parent, object key) = nodes[random.Next(nodes.Length)];
        JsonNode? value = JsonNode.Parse(s_evilJson[random.Next(s_evilJson.Length)]);
        switch (parent, key, random.Next(5))
        {
            case (JsonObject o, string name, 0):
                o.Remove(name);
                break;
            case (JsonObject o, string name, 1):
                o[name + "X"] = value;
                break;
            case (JsonObject o, string name, _):
                o[name] = value;
                break;
            case (JsonArray a, int, 0):
                a.Add(value);
                break;
            case (JsonArray a, int index, 1):
                a.RemoveAt(index);
                break;
            case (JsonArray a, int index, _):
                a[index] = value;
                break;
        }
    }

    private static IEnumerable<(JsonNode Parent, object Key)> Nodes(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => Nodes(p.Value).Prepend((o, (object)p.Key))),
        JsonArray a => a.SelectMany((item, i) => Nodes(item).Prepend((a, (object)i))),
        _ => [],
    };

    private static ModelZip Entries(ModelZip model, Random random)
    {
        ModelZip zip = model.Clone();
        int place = random.Next(zip.Entries.Count);
        (string name, byte[] content) = zip.Entries[place];
        switch (random.Next(5))
        {
            case 0:
                zip.Entries.RemoveAt(place);
                break;
            case 1:
                zip.Entries.Add((name, Bytes(content, random)));
                break;
            case 2:
                zip.Entries[place] = ("../" + name, content);
                break;
            case 3:
                zip.Entries[place] = (zip.Entries[random.Next(zip.Entries.Count)].Name, content);
                break;
            default:
                zip.Entries[place] = (name, []);
                break;
        }

        return zip;
    }

    /// <summary>Writes random sizes into the zip's directory, where they count, without the data to go with them.</summary>
    private static byte[] ClaimedSizes(byte[] zip, Random random)
    {
        byte[] changed = [.. zip];
        ReadOnlySpan<byte> signature = "PK\x01\x02"u8;
        List<int> directory = [];
        for (int at = 0; at < zip.Length - 46; at++)
        {
            if (zip.AsSpan(at).StartsWith(signature))
                directory.Add(at);
        }

        // Offsets of the compressed size, the uncompressed size and the place of the data in a directory entry.
        int field = random.Next(4) == 0 ? 42 : random.Next(2) == 0 ? 20 : 24;
        uint size = (uint)random.NextInt64(1L << random.Next(33));
        BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(directory[random.Next(directory.Count)] + field), size);
        return changed;
    }

    private static byte[] Bytes(byte[] content, Random random)
    {
        byte[] bytes = [.. content];
        for (int change = random.Next(1, 4); change > 0 && bytes.Length > 0; change--)
        {
            int at = random.Next(random.Next(3) > 0 ? bytes.Length : Math.Min(bytes.Length, 200));
            int length = Math.Min(random.Next(1, 20), bytes.Length - at);
            switch (random.Next(8))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                case 3:
                    bytes[at] = (byte)Separators[random.Next(Separators.Length)];
                    break;
                case 4:
                    bytes = bytes[..at];
                    break;
                case 5:
                    bytes = [.. bytes[..at], .. bytes[(at + length)..]];
                    break;
                case 6:
                    bytes = [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
                    break;
                default:
                    bytes.AsSpan(at, length).Fill((byte)(random.Next(2) * 255));
                    break;
            }
        }

        return bytes;
    }
}
