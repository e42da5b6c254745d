; The installer for Windows: for one user, without an administrator.
;   makensis -DVERSION=0.1.0 -DPROGRAM=dist/mien -DOUT=dist/setup.exe packaging/windows/mien.nsi
; `/S` installs silently, `/D=C:\folder` as the last argument chooses the folder. Exit code 2: Mien is running.
Unicode true
Target amd64-unicode
!include MUI2.nsh
!include FileFunc.nsh

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Mien"
!define CLASSES "Software\Classes"

Name "Mien"
OutFile "${OUT}"
BrandingText "Mien ${VERSION}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Mien"
InstallDirRegKey HKCU "Software\Mien" "Folder"
SetCompressor /SOLID lzma
SetDateSave off ; the same files give the same installer
ManifestDPIAware true
ManifestLongPathAware true

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\mien.exe"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "Your recordings and settings stay where they are."
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Mien"
VIAddVersionKey "FileDescription" "Installs Mien"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "Apache License 2.0"

; Windows lets nobody write into a program that runs.
!macro StopIfRunning
  ${If} ${FileExists} "$INSTDIR\mien.exe"
    ClearErrors
    FileOpen $0 "$INSTDIR\mien.exe" a
    ${If} ${Errors}
      MessageBox MB_OK|MB_ICONEXCLAMATION "Mien is running: close it, then try again." /SD IDOK
      SetErrorLevel 2
      Quit
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

; What an older version or this one has put there, and nothing that somebody else has.
!macro RemoveProgram
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\mien.exe"
  Delete "$INSTDIR\mien-console.exe"
!macroend

Section "Mien"
  !insertmacro StopIfRunning
  !insertmacro RemoveProgram
  SetOutPath "$INSTDIR"
  ClearErrors
  File /r "${PROGRAM}/*"
  ${If} ${Errors}
    SetErrorLevel 3
    Abort "Not every file could be written: is the disk full?"
  ${EndIf}
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Mien.lnk" "$INSTDIR\mien.exe" "" "$INSTDIR\mien.exe" 0 SW_SHOWNORMAL "" "Read faces live"

  ; A session is a folder, so it is opened from the menu that a folder has.
  WriteRegStr HKCU "${CLASSES}\Directory\shell\Mien" "" "Open with Mien"
  WriteRegStr HKCU "${CLASSES}\Directory\shell\Mien" "Icon" "$INSTDIR\mien.exe"
  WriteRegStr HKCU "${CLASSES}\Directory\shell\Mien\command" "" '"$INSTDIR\mien.exe" "%1"'
  ; Videos keep their usual program; Mien is one of those offered.
  WriteRegStr HKCU "${CLASSES}\Applications\mien.exe" "FriendlyAppName" "Mien"
  WriteRegStr HKCU "${CLASSES}\Applications\mien.exe\shell\open\command" "" '"$INSTDIR\mien.exe" "%1"'
  !macro Offer TYPE
    WriteRegStr HKCU "${CLASSES}\Applications\mien.exe\SupportedTypes" "${TYPE}" ""
  !macroend
  !insertmacro Offer ".mp4"
  !insertmacro Offer ".mkv"
  !insertmacro Offer ".mov"
  !insertmacro Offer ".avi"
  !insertmacro Offer ".webm"

  WriteRegStr HKCU "Software\Mien" "Folder" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Mien"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\mien.exe"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The Mien developers"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" "$0"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section "Uninstall"
  !insertmacro StopIfRunning
  !insertmacro RemoveProgram
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR" ; only if nothing of somebody else's is left in it
  Delete "$SMPROGRAMS\Mien.lnk"
  DeleteRegKey HKCU "${CLASSES}\Directory\shell\Mien"
  DeleteRegKey HKCU "${CLASSES}\Applications\mien.exe"
  DeleteRegKey HKCU "Software\Mien"
  DeleteRegKey HKCU "${UNINSTALL}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
