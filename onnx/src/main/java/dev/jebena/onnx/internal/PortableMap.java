package dev.jebena.onnx.internal;

/// Pictures in Netpbm's formats P1 to P6.
final class PortableMap {
    private static final int MOST_PIXELS = 1 << 28;

    private final byte[] bytes;
    private int at = 2;

    private PortableMap(byte[] bytes) {
        this.bytes = bytes;
    }

    static ImageOperators.Pixels read(byte[] bytes) {
        PortableMap map = new PortableMap(bytes);
        int kind = bytes[1] - '0';
        int width = map.number();
        int height = map.number();
        boolean bitmap = kind == 1 || kind == 4;
        int most = bitmap ? 1 : map.number();
        if (width < 1 || height < 1 || (long) width * height > MOST_PIXELS || most < 1) {
            throw new IllegalArgumentException(
                    "a picture of %d x %d pixels up to %d".formatted(width, height, most));
        }
        int[] rgb = new int[width * height];
        // One white space stands before binary samples.
        map.at++;
        int samples = kind == 3 || kind == 6 ? 3 : 1;
        for (int i = 0; i < rgb.length; i++) {
            int pixel = 0;
            for (int s = 0; s < samples; s++) {
                int raw = kind == 4 ? map.bit(i, width) : map.sample(kind, most);
                int level = (int) Math.round(255.0 * raw / most);
                pixel = pixel << 8 | (bitmap ? 255 - level : level);
            }
            rgb[i] = samples == 1 ? pixel * 0x010101 : pixel;
        }
        return new ImageOperators.Pixels(width, height, rgb);
    }

    private int sample(int kind, int most) {
        if (kind < 4) {
            return number();
        }
        return most > 255 ? octet() << 8 | octet() : octet();
    }

    /// Rows of bits fill whole bytes.
    private int bit(int pixel, int width) {
        int row = pixel / width;
        int column = pixel % width;
        int index = at + row * ((width + 7) / 8) + column / 8;
        if (index >= bytes.length) {
            throw new IllegalArgumentException("the picture ends early");
        }
        return bytes[index] >> (7 - column % 8) & 1;
    }

    private int octet() {
        if (at >= bytes.length) {
            throw new IllegalArgumentException("the picture ends early");
        }
        return bytes[at++] & 0xFF;
    }

    /// The next number; comments from `#` to the end of the line are skipped.
    private int number() {
        while (at < bytes.length && !Character.isDigit(bytes[at])) {
            if (bytes[at] == '#') {
                while (at < bytes.length && bytes[at] != '\n') {
                    at++;
                }
            } else {
                at++;
            }
        }
        int begin = at;
        int value = 0;
        while (at < bytes.length && Character.isDigit(bytes[at]) && at - begin < 9) {
            value = 10 * value + bytes[at++] - '0';
        }
        if (begin == at) {
            throw new IllegalArgumentException("a number is missing in the picture's header");
        }
        return value;
    }
}
