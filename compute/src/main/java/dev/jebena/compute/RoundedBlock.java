package dev.jebena.compute;

/// 32 numbers rounded to 8 bits: scale `d = largest magnitude / 127`, numbers `rint(x * (127 /
/// largest))`.
///
/// Infinities and NaN make the scale infinite or NaN, so that they show in the result.
final class RoundedBlock {
    /// Below this magnitude a block counts as zero, so that no scale and no inverse leaves the
    /// normal numbers.
    static final float SMALLEST = 0x1p-100f;

    final byte[] numbers = new byte[32];
    float scale;

    /// Rounds the 32 numbers from `from` on.
    void round(float[] values, int from) {
        // Compared as integers, a NaN is larger than infinity: neither can get lost.
        int bits = 0;
        for (int k = 0; k < 32; k++) {
            bits = Math.max(bits, Float.floatToRawIntBits(values[from + k]) & Integer.MAX_VALUE);
        }
        float largest = Float.intBitsToFloat(bits);
        boolean zero = largest < SMALLEST;
        float inverse = zero ? 0 : 127 / largest;
        for (int k = 0; k < 32; k++) {
            numbers[k] = round(values[from + k] * inverse);
        }
        scale = zero ? 0 : largest / 127;
    }

    /// Nearest integer, ties to even; NaN, which the conversion instruction turns into the smallest
    /// integer, becomes -128.
    private static byte round(float x) {
        return (byte) (Float.isNaN(x) ? -128 : (int) Math.rint(x));
    }
}
