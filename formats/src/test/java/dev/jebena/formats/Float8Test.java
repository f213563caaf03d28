package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Float8Test {
    @Test
    void valuesAreThoseOfTheFormats() {
        assertThat(Float8.E4M3.value(0x38)).isEqualTo(1);
        assertThat(Float8.E4M3.value(0x01)).isEqualTo(0x1p-9f);
        assertThat(Float8.E4M3.value(0x7E)).isEqualTo(448);
        assertThat(Float8.E4M3.value(0xC0)).isEqualTo(-2);
        assertThat(Float8.E4M3.value(0xFF)).isNaN();
        assertThat(Float8.E5M2.value(0x3C)).isEqualTo(1);
        assertThat(Float8.E5M2.value(0x7B)).isEqualTo(57344);
        assertThat(Float8.E5M2.value(0xFC)).isEqualTo(Float.NEGATIVE_INFINITY);
    }

    @Test
    void everyValueIsAFloat16() {
        for (Float8 kind : Float8.values()) {
            for (int bits = 0; bits < 256; bits++) {
                float value = kind.value(bits);
                float half = Float.float16ToFloat(Float.floatToFloat16(value));
                assertThat(Float.floatToIntBits(half)).isEqualTo(Float.floatToIntBits(value));
            }
        }
    }
}
