import Testing

@testable import QRCodes

struct ChecksumTests {
  @Test func `the checksums are those of the standards' examples`() {
    var adler = Adler32()
    adler.add("Wikipedia".utf8.span)
    #expect(adler.value == 0x11e6_0398)
    var crc = CRC32()
    crc.add("1234".utf8.span)
    crc.add("56789".utf8.span)
    #expect(crc.value == 0xcbf4_3926)
  }
}
