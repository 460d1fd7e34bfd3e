namespace MLNetExt.Masking;

/// <summary>MT19937 (Matsumoto and Nishimura, ACM TOMACS 8(1), 1998), the generator behind PyTorch's random numbers on a CPU.</summary>
internal sealed class MersenneTwister
{
    private const int Size = 624;
    private const int Shift = 397;
    private readonly uint[] _state = new uint[Size];
    private int _next = Size;

    public MersenneTwister(uint seed)
    {
        _state[0] = seed;
        for (int i = 1; i < Size; i++)
            _state[i] = (1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + (uint)i;
    }

    /// <summary>A number in [0, 1) as <c>torch.rand</c> draws them: the lowest 24 of 32 bits.</summary>
    public float NextSingle() => (Next() & 0xFFFFFF) * (1f / (1 << 24));

    public uint Next()
    {
        if (_next == Size)
            Renew();
        uint y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >> 18);
    }

    private void Renew()
    {
        for (int i = 0; i < Size; i++)
        {
            uint y = (_state[i] & 0x80000000) | (_state[(i + 1) % Size] & 0x7FFFFFFF);
            _state[i] = _state[(i + Shift) % Size] ^ (y >> 1) ^ ((y & 1) * 0x9908B0DF);
        }
        _next = 0;
    }
}
