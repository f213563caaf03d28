package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.onnx.Datum;
import dev.jebena.onnx.OnnxException;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.lang.foreign.ValueLayout;

/// Pictures in files.
final class ImageOperators {
    private ImageOperators() {}

    static void addTo(Operators all) {
        all.one("ImageDecoder", ImageOperators::decode);
    }

    private static Datum decode(Call call) {
        byte[] bytes = call.tensor(0).memory().toArray(ValueLayout.JAVA_BYTE);
        String format = call.text("pixel_format", "RGB");
        Pixels pixels = pixels(call, bytes);
        int channels = format.equals("Grayscale") ? 1 : 3;
        long[] values = new long[pixels.rgb().length * channels];
        for (int i = 0; i < pixels.rgb().length; i++) {
            int rgb = pixels.rgb()[i];
            int red = rgb >> 16 & 0xFF;
            int green = rgb >> 8 & 0xFF;
            int blue = rgb & 0xFF;
            switch (format) {
                case "RGB" -> put(values, 3 * i, red, green, blue);
                case "BGR" -> put(values, 3 * i, blue, green, red);
                // The weights of ITU-R BT.601.
                case "Grayscale" ->
                        values[i] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
                default -> throw call.unsupported("pixel_format \"%s\"", format);
            }
        }
        Shape shape = Shape.of(pixels.height(), pixels.width(), channels);
        Tensor tensor = Loops.of(values, shape, DType.UINT8);
        return new Datum.Numbers(OnnxElement.UINT8, tensor);
    }

    private static void put(long[] values, int at, int a, int b, int c) {
        values[at] = a;
        values[at + 1] = b;
        values[at + 2] = c;
    }

    private static Pixels pixels(Call call, byte[] bytes) {
        if (bytes.length > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6') {
            return PortableMap.read(bytes);
        }
        try {
            return PictureReader.read(bytes);
        } catch (java.io.IOException e) {
            throw new OnnxException(
                    OnnxException.Code.UNSUPPORTED,
                    Describe.of(call.node(), call.opset()) + ": " + e.getMessage(),
                    e);
        }
    }

    /// A picture.
    ///
    /// @param rgb eight bits each, row by row
    record Pixels(int width, int height, int[] rgb) {}
}
