/** ONNX models: run them, and make them of traced graphs. */
module dev.jebena.onnx {
    requires static org.jspecify;
    requires static java.desktop;
    requires transitive dev.jebena.formats;
    requires transitive dev.jebena.tensor;

    exports dev.jebena.onnx;
}
