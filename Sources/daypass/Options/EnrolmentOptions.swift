import AWSValues
import ArgumentParser

/// How a new MFA device is named, and its seed handed over.
struct EnrolmentOptions: ParsableArguments {
  @Option(help: "The new device's name in AWS, instead of the user's.")
  var name: MFADeviceName?

  @Option(help: ArgumentHelp("Write the QR code to a new picture instead of the terminal.", valueName: "file"))
  var png: String?

  @Flag(help: "Show the secret key as text, for an app that is given it by hand.")
  var text = false

  var form: SeedForm {
    get throws(MFADeviceError) {
      switch (png, text) {
      case (nil, false): .qrCode
      case (nil, true): .text
      case (let path?, false): .png(path: path)
      case (.some, true): throw .oneFormOnly
      }
    }
  }
}

extension MFADeviceName: ExpressibleByArgument {
  package init?(argument: String) {
    self.init(argument)
  }
}
