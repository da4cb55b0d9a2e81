import Glibc
import Secrets
import TestSupport
import Testing

@testable import QRCodes

struct QRCodeTests {
  @Test(.enabled(if: QRReader.isInstalled, "zbar-tools is not installed"), arguments: OTPAuthURI.Form.allCases)
  func `a decoder reads the URI from the PNG`(form: OTPAuthURI.Form) throws {
    let folder = ScratchFolder()
    let text = MadeUp.uri().text(form)
    write(try QRCode(encoding: text).png(), to: folder.path("code.png"))
    let read = QRReader.text(inPictureAt: folder.path("code.png"))
    #expect(read == text.revealed())
  }

  @Test(
    .enabled(if: QRReader.isInstalled, "zbar-tools is not installed"), arguments: [1, 17, 18, 53, 106, 320, 858, 1_024])
  func `a decoder reads texts of any length`(length: Int) throws {
    let folder = ScratchFolder()
    let text = String(repeating: "a1B%", count: 256).prefix(length)
    write(try QRCode(encoding: SecretBytes(copying: String(text))).png(), to: folder.path("code.png"))
    #expect(QRReader.text(inPictureAt: folder.path("code.png")) == text)
  }

  @Test(.enabled(if: Installed.has("python3"), "python3 is not installed"))
  func `the PNG has the sums and lengths its standard asks for`() throws {
    let folder = ScratchFolder()
    let code = try QRCode(encoding: MadeUp.uri().text())
    write(code.png(), to: folder.path("code.png"))
    let reader = ChildProcess(["python3", "-c", Self.strictReader, folder.path("code.png")], environment: [:])
    let status = reader.wait()
    #expect(status == 0, "\(reader.errors)")
    #expect(reader.output == "IHDR IDAT IEND \((code.width + 8) * 8)\n")
  }

  @Test func `a text that is too long is refused`() {
    #expect(throws: QRCodeError.failed(errno: ERANGE)) {
      _ = try QRCode(encoding: SecretBytes(copying: String(repeating: "a", count: 1_025)))
    }
  }

  @Test func `what libqrencode refuses is an error with its reason`() {
    #expect(throws: QRCodeError.failed(errno: EINVAL)) { _ = try QRCode(encoding: SecretBytes()) }
  }

  @Test func `neither the seed nor its pictures stay in memory`() throws {
    let outcome = try Launch(builtProgram("Probe"), ["residue"]).run()
    #expect(outcome.outputText == "encoded=2 left=(0, 0, 0)\n", "\(outcome.errorText)")
  }

  private func write(_ bytes: borrowing SecretBytes, to path: String) {
    let file = fopen(path, "wbx")
    defer { if let file { fclose(file) } }
    let written = bytes.withBytes { bytes in bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) } }
    let count = bytes.count
    #expect(written == count)
  }

  private static let strictReader = """
    import struct, sys, zlib
    data = open(sys.argv[1], "rb").read()
    assert data[:8] == b"\\x89PNG\\r\\n\\x1a\\n"
    at, names, pixels = 8, [], b""
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0] == zlib.crc32(name + body), name
        if name == b"IHDR": head = struct.unpack(">IIBBBBB", body)
        if name == b"IDAT": pixels += zlib.decompress(body)
        names.append(name.decode())
        at += 12 + length
    assert head[0] == head[1] and head[2:] == (1, 0, 0, 0, 0), head
    assert len(pixels) == head[1] * (1 + head[0] // 8), len(pixels)
    print(*names, head[0])
    """
}

// MARK: - QR reader

/// zbar, which reads QR codes from pictures as a telephone's camera does.
enum QRReader {
  static let isInstalled = Installed.has("zbarimg")

  /// What the one code in the picture at `path` says; other answers of the program if there is none, or several.
  static func text(inPictureAt path: String) -> String {
    let reader = ChildProcess(
      ["zbarimg", "--quiet", "--raw", "--nodbus", path], environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"])
    let status = reader.wait()
    let output = reader.output
    return status == 0 && output.hasSuffix("\n")
      ? String(output.dropLast()) : "status \(status): \(output)\(reader.errors)"
  }
}

// MARK: - Made up

/// Seeds that belong to nobody, as long as AWS's.
enum MadeUp {
  static let seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

  static func uri(account: String = "alice@123456789012", issuer: String = "Amazon Web Services") -> OTPAuthURI {
    OTPAuthURI(seed: SecretBytes(copying: seed), account: account, issuer: issuer)
  }

  static func uriText(account: String, _ form: OTPAuthURI.Form) -> String? {
    uri(account: account).text(form).revealed()
  }
}

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

// MARK: - OTP auth URI tests

struct OTPAuthURITests {
  @Test(
    arguments: [
      (.full, "Amazon%20Web%20Services:alice@123456789012?secret=SEED&issuer=Amazon%20Web%20Services"),
      (.issuerInLabel, "Amazon%20Web%20Services:alice@123456789012?secret=SEED"),
      (.accountOnly, "alice@123456789012?secret=SEED"),
    ] as [(OTPAuthURI.Form, String)])
  func `the URI is that of the key URI format`(form: OTPAuthURI.Form, expected: String) throws {
    let text = MadeUp.uri().text(form).revealed()
    #expect(text == "otpauth://totp/" + expected.replacing("SEED", with: MadeUp.seed))
  }

  @Test(arguments: [
    ("a+b=c,d.e-f_g@1", "a%2Bb%3Dc%2Cd.e-f_g@1"),
    ("a:b/c?secret=X&issuer=Y#%", "a%3Ab%2Fc%3Fsecret%3DX%26issuer%3DY%23%25"),
    ("\u{1b}[2J\n\0", "%1B%5B2J%0A%00"), ("é😀\u{202e}", "%C3%A9%F0%9F%98%80%E2%80%AE"), ("", ""),
  ])
  func `a hostile account is data`(account: String, encoded: String) throws {
    let text = MadeUp.uriText(account: account, .accountOnly)
    #expect(text == "otpauth://totp/\(encoded)?secret=\(MadeUp.seed)")
  }

  @Test func `the seed's padding is left out`() throws {
    let uri = OTPAuthURI(seed: SecretBytes(copying: "MFRGG==="), account: "a", issuer: "b")
    let text = uri.text(.accountOnly).revealed()
    #expect(text == "otpauth://totp/a?secret=MFRGG")
  }
}
