using Microsoft.Win32.SafeHandles;

namespace MLNetExt.Torch;

/// <summary>Data in a file.</summary>
/// <remarks>
/// Read at a position instead of mapped into memory: what is read goes straight into a tensor's own memory, and a mapped
/// file that another process cuts off would end this one.
/// </remarks>
internal sealed class FileData(SafeFileHandle file, long start) : ISafetensorsData
{
    public void Read(long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            int count = RandomAccess.Read(file, destination, start + offset);
            if (count == 0)
                throw new InvalidDataException("The file was cut off while it was being read.");
            destination = destination[count..];
            offset += count;
        }
    }

    public void Dispose() => file.Dispose();
}
