@echo off
rem Builds the workstation's .msi; needs a JDK 25 in JAVA_HOME and the WiX toolset. Not run yet:
rem made after installers/deb, whose steps are tried.
setlocal enabledelayedexpansion
set root=%~dp0..
set work=%TEMP%\nestor-msi
rmdir /s /q "%work%" 2> nul
mkdir "%work%\input\sample-sessions" "%work%\classes" "%root%\target\installers" 2> nul
if not exist "%root%\review-app\target\class-path.txt" (echo build first: nestor open --help & exit /b 3)
set /p classpath=<"%root%\review-app\target\class-path.txt"
xcopy /s /q /y "%root%\review-app\target\classes" "%work%\classes" > nul
for %%e in ("%classpath:;=" "%") do (
  if /i "%%~xe"==".jar" (copy /y "%%~e" "%work%\input" > nul) else (xcopy /s /q /y "%%~e" "%work%\classes" > nul)
)
"%JAVA_HOME%\bin\jar" --create --file "%work%\input\nestor-workstation.jar" -C "%work%\classes" .
copy /y "%root%\sample-sessions\*.pgrec" "%work%\input\sample-sessions" > nul
copy /y "%root%\sample-sessions\nestor.vkey" "%work%\input\sample-sessions" > nul
(echo extension=pgrec& echo mime-type=application/vnd.nestor.pgrec& echo description=Nestor recording) > "%work%\recording.properties"
"%JAVA_HOME%\bin\jpackage" --type msi --name Nestor --app-version 1.0.0 --vendor Nestor --input "%work%\input" ^
  --main-jar nestor-workstation.jar --main-class dev.nestor.review.Launcher --win-menu --win-shortcut --win-per-user-install ^
  --java-options --enable-native-access=ALL-UNNAMED --java-options --sun-misc-unsafe-memory-access=allow ^
  --java-options "-Dnestor.root=$APPDIR" --file-associations "%work%\recording.properties" ^
  --license-file "%root%\LICENSE" --dest "%root%\target\installers"
