import TestSupport

/// zbar, which reads QR codes from pictures as a telephone's camera does.
enum QRReader {
  static let isInstalled = Installed.has("zbarimg")

  /// What the one code in the picture at `path` says; other answers of the program where there is none, or several.
  static func text(inPictureAt path: String) -> String {
    let reader = ChildProcess(
      ["zbarimg", "--quiet", "--raw", "--nodbus", path], environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"])
    let status = reader.wait()
    let output = reader.output
    return status == 0 && output.hasSuffix("\n")
      ? String(output.dropLast()) : "status \(status): \(output)\(reader.errors)"
  }
}
