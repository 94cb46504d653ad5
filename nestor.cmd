@echo off
rem Starts every program of Nestor on Windows: finds a JDK, builds what is stale. The shell script beside
rem this file is the same for other systems; what it says about arguments holds here too.
setlocal EnableDelayedExpansion
set "ROOT=%~dp0"
set "JDK="
for %%D in ("%JAVA_HOME%" "%JAVA25_HOME%") do if not defined JDK call :look %%D
for /d %%D in ("%USERPROFILE%\.jdks\*" "%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%ProgramFiles%\Zulu\*" "%ProgramFiles%\BellSoft\*" "%ProgramFiles%\Microsoft\*") do if not defined JDK call :look "%%~D"
if not defined JDK (
  echo nestor: no JDK 25 or newer was found. Get one with: winget install EclipseAdoptium.Temurin.25.JDK 1>&2
  echo   or unpack one into %USERPROFILE%\.jdks\, or point JAVA_HOME at one. 1>&2
  exit /b 3
)
set "JAVA_HOME=%JDK%"
set "COMMAND=%~1"
if "%COMMAND%"=="" set "COMMAND=help"
if "%COMMAND%"=="help" (
  echo Nestor: demo, test, init, serve, config check, open, sessions, policy, archive, token. Each has --help.
  exit /b 0
)
where mvn >nul 2>nul || (
  echo nestor: Maven 3.8.7 or newer is missing. Unpack it and put its bin folder on the PATH. 1>&2
  exit /b 3
)
if "%COMMAND%"=="test" (
  cd /d "%ROOT%" && call mvn -B -Dstyle.color=never verify
  exit /b !ERRORLEVEL!
)
set "MODULE=command-line" & set "MAIN=dev.nestor.cli.Main"
if "%COMMAND%"=="demo" set "MODULE=sample-sessions" & set "MAIN=dev.nestor.samples.Main"
if "%COMMAND%"=="open" set "MODULE=review-app" & set "MAIN=dev.nestor.review.Launcher"
for %%C in (serve init config) do if "%COMMAND%"=="%%C" set "MODULE=proxy-headless" & set "MAIN=dev.nestor.proxy.app.Main"
set "COLLECTOR="
if "%COMMAND%"=="serve" set "COLLECTOR=-XX:+UseParallelGC"
rem Maven itself knows what is stale; without its output this takes some seconds.
pushd "%ROOT%" && call mvn -q -B -Dstyle.color=never process-classes & set "BUILT=!ERRORLEVEL!" & popd
if not "!BUILT!"=="0" (
  echo nestor: the build failed; run mvn process-classes to see why. 1>&2
  exit /b 3
)
set /p LIBRARIES=<"%ROOT%%MODULE%\target\class-path.txt"
set "ARGUMENTS=%*"
if not "%MODULE%"=="command-line" if not "%MODULE%"=="proxy-headless" set "ARGUMENTS=!ARGUMENTS:*%COMMAND%=!"
"%JAVA_HOME%\bin\java" %COLLECTOR% --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow "-Dnestor.root=%ROOT%." -cp "%ROOT%%MODULE%\target\classes;!LIBRARIES!" %MAIN% !ARGUMENTS!
exit /b %ERRORLEVEL%

:look
if not exist "%~1\release" exit /b
for /f "tokens=2 delims==" %%V in ('findstr /b JAVA_VERSION= "%~1\release"') do set "VERSION=%%~V"
for /f "tokens=1 delims=." %%V in ("!VERSION!") do if %%V GEQ 25 set "JDK=%~1"
exit /b
